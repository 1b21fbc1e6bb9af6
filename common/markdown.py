"""The Markdown of the pages under docs/guide as HTML, in the shapes that Koe's pages have.

HTML in it is text, so that nothing in a page becomes a tag that is not made here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

# The address of a link or picture as Koe serves it; None: there is none, and the words remain.
Address = Callable[[str], str | None]
# Between two of these a line break of the source is no space.
WIDE = re.compile("[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]")
READER = MarkdownIt("commonmark", {"html": False, "xhtmlOut": False}).enable("table")


def title_of(text: str) -> str:
    return text.partition("\n")[0].removeprefix("# ")


def to_html(text: str, *, address: Address) -> SafeString:
    """Without the title, which the page shows by itself."""
    tokens = list(_blocks(READER.parse(text.partition("\n")[2]), address))
    # The renderer escapes what is text; the tags are those of this module.
    html = str(READER.renderer.render(tokens, READER.options, {}))
    return mark_safe(html)  # noqa: S308


def _blocks(tokens: Sequence[Token], address: Address) -> Iterator[Token]:
    """Tables as the lists of Koe: in a frame that scrolls, and each cell has its heads."""
    cell = 0
    for token in tokens:
        token.children = list(_inline(token.children or [], address)) if token.children else None
        if token.type == "tr_open":
            cell = 0
        elif token.type == "th_open":
            token.attrSet("scope", "col")
        elif token.type == "td_open" and cell == 0:
            token.tag = "th"
            token.attrSet("scope", "row")
        elif token.type == "td_close":
            token.tag = "td" if cell else "th"
            cell += 1
        elif token.type == "table_open":
            yield Token("frame_open", "div", 1, attrs={"class": "table-wrap"}, block=True)
            token.attrSet("class", "data-table")
        yield token
        if token.type == "table_close":
            yield Token("frame_close", "div", -1, block=True)


def _inline(tokens: Sequence[Token], address: Address) -> Iterator[Token]:
    leads_nowhere = False
    for before, token, after in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        if token.type == "softbreak":
            yield _space(before, after)
        elif token.type == "link_open":
            to = address(str(token.attrGet("href")))
            leads_nowhere = to is None
            if to is not None:
                token.attrSet("href", to)
                yield token
        elif token.type == "image":
            yield from _picture(token, address)
        elif token.type != "link_close" or not leads_nowhere:
            yield token


def _space(before: Token | None, after: Token | None) -> Token:
    around = before.content[-1:] if before else "", after.content[:1] if after else ""
    return Token("text", "", 0, content="" if all(map(WIDE.match, around)) else " ")


def _picture(token: Token, address: Address) -> Iterator[Token]:
    to = address(str(token.attrGet("src")))
    if to is None:
        yield Token("text", "", 0, content=token.content)
        return
    token.attrSet("src", to)
    token.attrSet("loading", "lazy")
    yield token
