from __future__ import annotations

import re

import pytest

from common.markdown import title_of, to_html


def html(text: str) -> str:
    """Without the white space between its tags."""
    found = to_html(f"# Title\n\n{text}", address=lambda to: None if "away" in to else f"/{to}")
    return re.sub(r"(^|>)\n+", r"\1", found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## Steps", "<h2>Steps</h2>"),
        ("One\ntwo **Save** *now* `x`.",
         "<p>One two <strong>Save</strong> <em>now</em> <code>x</code>.</p>"),
        ("一行目、\n二行目", "<p>一行目、二行目</p>"),
        ("1. A\n   b\n2. C", "<ol><li>A b</li><li>C</li></ol>"),
        ("- *A.* b\n- C - d", "<ul><li><em>A.</em> b</li><li>C - d</li></ul>"),
        ("[a](b.md) · [c](away.md)", '<p><a href="/b.md">a</a> · c</p>'),
        ("![a](away.png) [**b**](away.md)", "<p>a <strong>b</strong></p>"),
        ("[x](javascript:alert)", "<p>[x](javascript:alert)</p>"),
        ("![a \"b\"](c.png)", '<p><img src="/c.png" alt="a &quot;b&quot;" loading="lazy"></p>'),
        ("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>"),
        ('[x](y" onclick="z)', "<p>[x](y&quot; onclick=&quot;z)</p>"),
    ],
)  # fmt: skip
def test_each_form_becomes_its_tag_and_all_else_is_text(text: str, expected: str) -> None:
    assert html(text) == expected


def test_a_table_has_its_heads() -> None:
    found = html("Words:\n| a | b |\n|---|---|\n| **c** | d |")

    assert found.startswith("<p>Words:</p><div")
    assert '<th scope="col">a</th><th scope="col">b</th>' in found
    assert '<tr><th scope="row"><strong>c</strong></th><td>d</td></tr>' in found


def test_the_title_is_told_apart() -> None:
    assert title_of("# Goals\n\nText") == "Goals"
    assert "Title" not in html("Text")
