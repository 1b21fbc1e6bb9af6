from __future__ import annotations

from itertools import pairwise

import pytest

from common.phrases import phrases, with_breaks


@pytest.mark.parametrize(
    "text",
    [
        "当社の製品を友人や同僚にすすめる可能性はどのくらいありますか？",
        "Koe 2.0 をご利用いただき、\n誠にありがとうございます。https://koe.example/s/abc?x=1",
        "Only English, with no phrase.",
        "",
        "{product}を、同じような立場の同僚に",
        "koe0011xnamexkoe0011様へ <b>&amp;",
    ],
)
def test_phrases_are_the_text_and_never_cut_a_word_of_ascii(text: str) -> None:
    found = phrases(text)

    assert "".join(found) == text
    ascii_ends = (
        first[-1:].isascii() and then[:1].isascii() and not (first[-1:] + then[:1]).isspace()
        for first, then in pairwise(found)
    )
    assert not any(ascii_ends)


def test_a_line_may_break_between_phrases_alone_and_nothing_is_code() -> None:
    assert with_breaks("製品を友人に<b>") == "製品を<wbr>友人に<wbr>&lt;b&gt;"
    assert with_breaks("Hello") == "Hello"
