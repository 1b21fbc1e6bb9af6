from __future__ import annotations

import datetime as dt

import pytest

from surveys.domain.answers.form import (
    FormFault,
    Posted,
    chosen_language,
    offered_languages,
    read_form,
)
from surveys.domain.answers.questions import COMMENT_LIMIT, Kind, Question

NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
HELP = Question("help", Kind.CSAT, "Help?", tuple((value, value) for value in "12345"))
GOOD: Posted = {"score": ["9"], "comment": [" Good\r\nwork "], "q_help": ["4"]}


def test_a_form_is_read_with_all_that_it_holds() -> None:
    form = read_form(GOOD, questions=[HELP], now=NOW)

    assert (form.score, form.comment, form.extra) == (9, "Good\nwork", {"help": 4})
    assert form.faults == frozenset()


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({"score": []}, {FormFault.SCORE}),
        ({"score": ["9", "8"]}, {FormFault.SCORE}),
        ({"score": ["11"]}, {FormFault.SCORE}),
        ({"comment": ["x" * (COMMENT_LIMIT + 1)]}, {FormFault.COMMENT}),
        ({"q_help": ["6"]}, {FormFault.FURTHER}),
        ({"score": ["x"], "q_help": ["6"]}, {FormFault.SCORE, FormFault.FURTHER}),
    ],
)
def test_each_fault_is_named_and_the_rest_is_kept(change: Posted, faults: set[FormFault]) -> None:
    form = read_form({**GOOD, **change}, questions=[HELP], now=NOW)

    assert form.faults == faults
    assert form.comment == change.get("comment", ["Good\nwork"])[0]
    assert form.score == (None if "score" in change else 9)


@pytest.mark.parametrize(
    ("opened", "seconds", "had_get"),
    [
        (NOW - dt.timedelta(seconds=12.34), 12.3, True),
        (NOW + dt.timedelta(seconds=1), None, True),
        (NOW - dt.timedelta(hours=25), None, True),
        (None, None, False),
    ],
)
def test_the_time_on_the_page_is_a_hint_within_reason(
    opened: dt.datetime | None, seconds: float | None, had_get: bool
) -> None:
    sent = str(int(opened.timestamp() * 1000)) if opened else "0"
    posted = {**GOOD, "opened": [sent], "gesture": ["pointerdown"]}

    assert read_form(posted, questions=[], now=NOW).signals == {
        "gesture": "pointerdown",
        "seconds": seconds,
        "had_get": had_get,
    }


@pytest.mark.parametrize("opened", ["", "-1", "1e9", "１２", "9" * 16, "now"])
def test_a_moment_that_is_no_number_is_none(opened: str) -> None:
    form = read_form({**GOOD, "opened": [opened]}, questions=[], now=NOW)

    assert (form.opened, form.signals["had_get"]) == (0, False)


def test_a_language_is_chosen_among_those_of_the_campaign() -> None:
    assert offered_languages([]) == ["ja", "en"]
    assert offered_languages(["en", "xx"]) == ["en"]
    assert chosen_language("ja", asked_in=["en"], default="en") == "en"
    assert chosen_language("ja", asked_in=[], default="en") == "ja"
    assert chosen_language("", asked_in=[], default="en") == "en"
