from __future__ import annotations

from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.domain.mail.encoding import single_line
from surveys.domain.wording import (
    DEFAULT_WORDING,
    FIELD_NAMES,
    PLACEHOLDERS,
    PLACEHOLDERS_AFTER_SCORE,
    Wording,
    allowed_in,
    fill,
    header_safe,
    opening,
    sender_display_name,
    validate,
    with_overrides,
)

VALUES = {
    "name": "山田",
    "customer": "声商事",
    "product": "Koe",
    "organisation": "声株式会社",
    "score": "9",
}


def test_fill_puts_values_in_place() -> None:
    text = "{name}様 {customer} {product} {organisation} {score}"
    assert fill(text, values=VALUES) == "山田様 声商事 Koe 声株式会社 9"


def test_fill_does_not_expand_values() -> None:
    assert fill("{name}", values={"name": "{product}", "product": "x"}) == "{product}"


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("{name} 様、", "山田様", "山田 様、"),
        ("{name}さん、", "山田さん", "山田さん、"),
        ("{name}さん、", "山田 様", "山田さん、"),
        ("{name}殿", "山田殿", "山田殿"),
        ("{name}様", "鵜殿", "鵜殿様"),
        ("{name} 先生", "山田さん", "山田 先生"),
        ("{name} 先生", "山田先生", "山田 先生"),
        ("Dear {name}-san,", "Yamada-san", "Dear Yamada-san,"),
        ("Dear {name},", "Yamada-san", "Dear Yamada-san,"),
        ("{name}、お世話になっております。", "山田様", "山田様、お世話になっております。"),
        ("{customer} 御中", "青葉株式会社御中", "青葉株式会社 御中"),
        ("{name} 様", "様", "様 様"),
    ],
)
def test_nobody_is_called_sama_twice(text: str, name: str, said: str) -> None:
    """Names come from files of people who write them politely, texts from others who do."""
    assert fill(text, values={**VALUES, "name": name, "customer": name}) == said


HOSTILE = [
    ("{name.__class__}", ["name.__class__"]),
    ("{name.__class__.__mro__}", ["name.__class__.__mro__"]),
    ("{name[0]}", ["name[0]"]),
    ("{name!r}", ["name!r"]),
    ("{name:>10}", ["name:>10"]),
    ("{name:{product}}", ["product}"]),
    ("{0}", ["0"]),
    ("{}", [""]),
    ("{ name }", ["name"]),
    ("{Name}", ["Name"]),
    ("{settings}", ["settings"]),
    ("{{name}}", ["{{name}}"]),
    ("{{ settings.SECRET_KEY }}", ["{{ settings.SECRET_KEY }}"]),
    ("{% include 'x' %}", ["{% include 'x' %}"]),
    ("{% load\nx %}", ["{% load\nx %}"]),
    ("{# note #}", ["{# note #}"]),
    ("{{7*7}}", ["{{7*7}}"]),
    ("${7*7}", ["7*7"]),
    ("｛name｝", ["｛name｝"]),
    ("{name｝", ["{name｝"]),
    ("｛name}", ["｛name}"]),
    ("{score}", ["score"]),
]


@pytest.mark.parametrize(
    ("text", "unknown"), [case for case in HOSTILE if "{product}" not in case[0]]
)
def test_validate_names_what_is_no_placeholder(text: str, unknown: list[str]) -> None:
    assert validate(f"Dear {{name}}, {text} {text}") == unknown


def test_validate_sees_through_nesting() -> None:
    assert validate("{name:{product}}") == []
    assert fill("{name:{product}}", values=VALUES) == "{name:Koe}"


@pytest.mark.parametrize("text", [text for text, _ in HOSTILE if "{product}" not in text])
def test_fill_leaves_everything_else_literal(text: str) -> None:
    values = {"product": "Koe"}
    assert fill(text, values=values) == text


@pytest.mark.parametrize("text", ["", "plain", "{name}", "a } b", "a { b", "100 %", "#1", "{}"[:1]])
def test_validate_accepts_placeholders_and_plain_text(text: str) -> None:
    assert validate(text) == []


@given(st.text(alphabet="{}%#name. !:[]｛｝0", max_size=30))
def test_accepted_text_has_no_pair_of_braces_but_placeholders(text: str) -> None:
    if not validate(text):
        rest = fill(text, values={"name": ""})
        assert "{{" not in rest or "}}" not in rest.partition("{{")[2]


def test_score_is_known_only_once_it_is_chosen() -> None:
    assert {name for name in FIELD_NAMES if "score" in allowed_in(name)} == {
        "button",
        "comment_promoter",
        "comment_passive",
        "comment_detractor",
        "thanks_promoter",
        "thanks_passive",
        "thanks_detractor",
    }
    assert {"score"} == PLACEHOLDERS_AFTER_SCORE - PLACEHOLDERS


def unknown_placeholders(wording: Wording) -> dict[str, list[str]]:
    found = {
        name: validate(getattr(wording, name), allowed=allowed_in(name)) for name in FIELD_NAMES
    }
    return {name: unknown for name, unknown in found.items() if unknown}


def test_unknown_placeholders_names_the_fields() -> None:
    broken = replace(DEFAULT_WORDING["en"], subject="{produkt} {score}", button="{score}{x}")
    assert unknown_placeholders(broken) == {"subject": ["produkt", "score"], "button": ["x"]}


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("Koe", "Koe"),
        ("a\r\nBcc: x@y.example", "a Bcc: x@y.example"),
        ("a\nb\tc\u2028d\u2029e\x0bf\x85g", "a b c d e f g"),
        ("a\x00b\x1bc\x7f", "abc"),
        ("a\u202etxt.exe\u2066\u200f", "atxt.exe"),
        ("\ud800x", "x"),
        ("  声\u3000株式会社  ", "声 株式会社"),
        ("👩‍💻", "👩‍💻"),
    ],
)
def test_header_safe_is_one_line_without_controls(text: str, safe: str) -> None:
    assert header_safe(text) == safe


@given(st.text())
def test_header_line_never_lets_a_line_end_through(value: str) -> None:
    line = single_line(fill("{name}", values={"name": value}))
    assert line.splitlines() in ([line], [])
    assert line.isprintable() or all(ord(sign) >= 0x80 for sign in line if not sign.isprintable())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("声株式会社 カスタマーサクセス", "声株式会社 カスタマーサクセス"),
        ('Koe, Inc. <a@b.example>: "CS"', "Koe Inc. a b.example CS"),
        ("a" * 80, "a" * 75),
        ("a" * 74 + " b", "a" * 74),
        ("a\nb", "a b"),
    ],
)
def test_sender_display_name_looks_like_no_address(text: str, shown: str) -> None:
    assert sender_display_name(text) == shown


def test_with_overrides_keeps_blank_fields() -> None:
    wording = with_overrides(DEFAULT_WORDING["ja"], overrides={"subject": "件名", "intro": " "})
    assert wording == replace(DEFAULT_WORDING["ja"], subject="件名")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_default_wording_is_complete_and_valid(language: str) -> None:
    wording = DEFAULT_WORDING[language]
    assert unknown_placeholders(wording) == {}
    blank = [name for name, text in asdict(wording).items() if not text.strip()]
    assert blank == ["thanks_link"]
    assert "{product}" in wording.question
    assert "{score}" in wording.button


def test_default_wording_exists_in_both_languages_of_the_mails() -> None:
    assert set(DEFAULT_WORDING) == {"ja", "en"}
    assert DEFAULT_WORDING["ja"].question == (
        "{product}を、同じような立場の同僚や知人にどの程度おすすめしたいと思いますか。"
    )


@pytest.mark.parametrize("language", ["ja", "en"])
def test_default_preheader_has_40_to_90_characters_of_width(language: str) -> None:
    preheader = DEFAULT_WORDING[language].preheader
    width = sum(2 if ord(sign) > 0x2E7F else 1 for sign in preheader)
    assert 40 <= width <= 90


def test_default_sender_name_passes_as_display_name() -> None:
    for wording in DEFAULT_WORDING.values():
        filled = single_line(fill(wording.sender_name, values=VALUES))
        assert sender_display_name(filled) == filled


@pytest.mark.parametrize(
    ("language", "name", "customer", "said"),
    [
        ("ja", "山田 花子", "青葉株式会社", "青葉株式会社\n山田 花子 様"),
        ("ja", "山田様", "", "山田 様"),
        ("ja", "山田 花子　さん", "", "山田 花子 様"),
        ("ja", "山田殿", "", "山田 様"),
        ("ja", "鵜殿", "", "鵜殿 様"),
        ("ja", "Yamada-san", "", "Yamada 様"),
        ("ja", "田中先生", "", "田中先生"),
        ("ja", "経理部 御中", "", "経理部 御中"),
        ("ja", "様", "", "様 様"),
        ("ja", "山田", "青葉株式会社 御中", "青葉株式会社\n山田 様"),
        ("ja", "", "青葉株式会社", "青葉株式会社\nご担当者 様"),
        ("ja", "", "", ""),
        ("en", "Alex", "Example Inc.", ""),
    ],
)
def test_a_japanese_email_opens_with_company_and_person_and_never_with_a_gap(
    language: str, name: str, customer: str, said: str
) -> None:
    assert opening(language, name=name, customer=customer) == said
