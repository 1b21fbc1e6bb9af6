"""The little of Markdown that the pages under docs/guide use, as HTML.

Headings, paragraphs, lists, tables, pictures, links, bold, italic and code; everything else is
text. All of it is escaped first, so nothing in a page becomes a tag that is not made here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

# The address of a link or picture as Koe serves it; None: there is none, and the words remain.
Address = Callable[[str], str | None]
ITEM = re.compile(r"(?:\d+\.|-) ")
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)]+)\)")
# Between two of these a line break of the source is no space.
WIDE = "\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef"


def title_of(text: str) -> str:
    return text.partition("\n")[0].removeprefix("# ")


def to_html(text: str, *, address: Address) -> SafeString:
    """Without the title, which the page shows by itself."""
    blocks = re.split(r"\n{2,}", text.partition("\n")[2].strip())
    # nosec: each block escapes its text before it adds a tag.
    return mark_safe("\n".join(_block(each, address) for each in blocks))  # noqa: S308


def _block(block: str, address: Address) -> str:
    if block.startswith("#"):
        marks, _, words = block.partition(" ")
        return f"<h{len(marks)}>{_inline(words, address)}</h{len(marks)}>"
    if block.startswith("|"):
        return _table(block.splitlines(), address)
    if ITEM.match(block):
        return _list(block, address)
    # What introduces a list may stand right above it.
    head, found, rest = _before_table(block)
    return f"<p>{_inline(head, address)}</p>" + (_table(rest, address) if found else "")


def _before_table(block: str) -> tuple[str, bool, list[str]]:
    lines = block.splitlines()
    first = next((n for n, line in enumerate(lines) if line.startswith("|")), len(lines))
    return "\n".join(lines[:first]), first < len(lines), lines[first:]


def _list(block: str, address: Address) -> str:
    tag = "ul" if block.startswith("-") else "ol"
    items = re.split(r"\n(?=(?:\d+\.|-) )", block)
    inner = "".join(f"<li>{_inline(ITEM.sub('', each, count=1), address)}</li>" for each in items)
    return f"<{tag}>{inner}</{tag}>"


def _table(lines: list[str], address: Address) -> str:
    head, _, *rows = [list(_cells(each, address)) for each in lines]
    columns = "".join(f'<th scope="col">{each}</th>' for each in head)
    body = "".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{each}</td>" for each in rest)}</tr>'
        for first, *rest in rows
    )
    return (
        f'<div class="table-wrap"><table class="data-table"><thead><tr>{columns}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _cells(line: str, address: Address) -> Iterator[str]:
    for each in line.strip().strip("|").split("|"):
        yield _inline(each.strip(), address)


def _inline(text: str, address: Address) -> str:
    joined = re.sub(rf"(?<=[{WIDE}])\n\s*(?=[{WIDE}])", "", text)
    escaped = str(escape(" ".join(joined.split())))
    found = LINK.sub(lambda match: _link(match, address), escaped)
    found = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", found)
    found = re.sub(r"\*(.+?)\*", r"<em>\1</em>", found)
    return re.sub(r"`(.+?)`", r"<code>\1</code>", found)


def _link(match: re.Match[str], address: Address) -> str:
    is_picture, words, target = match.groups()
    to = address(target)
    if to is None:
        return words
    to = str(escape(to))
    if is_picture:
        return f'<img src="{to}" alt="{words}" loading="lazy">'
    return f'<a href="{to}">{words}</a>'
