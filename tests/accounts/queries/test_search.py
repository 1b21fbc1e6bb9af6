from __future__ import annotations

import pytest

from accounts.queries.search import has_word, has_words
from surveys.models import Response
from tests.world import NOW, make_invitation, make_respondent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def found(word: str, *texts: str) -> list[str]:
    for text in texts:
        Response.objects.create(
            invitation=make_invitation(make_respondent()),
            score=5,
            comment=text,
            answered_at=NOW,
            changed_at=NOW,
        )
    return sorted(
        Response.objects.filter(has_word(word, fields=["comment", "note"])).values_list(
            "comment", flat=True
        )
    )


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("BILL", "my bill is late"),
        ("bill", "BILLING"),
        ("請求", "次の請求書"),
        ("Élan", "plein d'ÉLAN"),
        ("ＢＩＬＬ", "the bill"),
        ("ＢＩＬＬ", "ＢＩＬＬ"),
        ("さくら", "サクラ商事"),
        ("ｻｸﾗ", "さくら商事"),
    ],
)
def test_a_word_is_found_in_capitals_or_not_and_full_width(word: str, text: str) -> None:
    assert found(word, text, "something else") == [text]


@pytest.mark.parametrize("word", ["%", "_", "a%", "a_c", "'", '"', "\\", "%s", "%%"])
def test_signs_of_the_databases_are_letters_like_others(word: str) -> None:
    assert found(word, "abc") == []
    assert found(word, f"abc {word} d") == [f"abc {word} d"]


def test_each_field_is_looked_in() -> None:
    found("", "nothing here", "nor here")
    Response.objects.filter(comment="nor here").update(note="Called back")

    assert found("called") == ["nor here"]


def test_every_word_is_in_one_of_the_fields() -> None:
    found("", "the bill is late", "the bill")
    Response.objects.filter(comment="the bill").update(note="Late")
    matching = Response.objects.filter(has_words("LATE　bill", fields=["comment", "note"]))

    assert matching.count() == 2
    assert Response.objects.filter(has_words("late bill", fields=["comment"])).count() == 1
    assert Response.objects.filter(has_words(" ", fields=["comment"])).count() == 2
