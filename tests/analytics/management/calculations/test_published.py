"""Every published number comes out of `manage.py calculate`, and the documents say so truly."""

from __future__ import annotations

import pytest

from benchmarks.figures import published

NUMBERS = list(published.numbers())


@pytest.mark.parametrize(
    "number", NUMBERS, ids=[f"{each.section} {each.number}" for each in NUMBERS]
)
def test_published_number(number: published.Published) -> None:
    assert number.agrees


def test_a_wrong_number_is_found() -> None:
    digit = NUMBERS[-1]._replace(published=NUMBERS[-1].published + 3 * NUMBERS[-1].tolerance)

    assert not digit.agrees


def test_the_page_lists_every_command_with_how_many_agree() -> None:
    page = published.PAGE.read_text(encoding="utf-8")

    assert published.START + published.table() + published.END in page


def test_numbers_are_held_to_their_last_digit() -> None:
    """But for shares over mixes that are drawn, and four digits that were rounded twice."""
    loose = {each.section for each in NUMBERS if each.tolerance > 0.0006}

    assert len(NUMBERS) == 383
    assert loose <= {"1.3"} | {each.section for each in NUMBERS if each.published.is_integer()}
