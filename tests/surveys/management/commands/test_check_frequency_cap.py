from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.management import call_command

from surveys.models import Response, ResponseChange
from surveys.services import slots
from tests.world import DAY, NOW, WINDOW, make_invitation, make_respondent, send

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def run(command: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(command, stdout=out, stderr=err)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_check_frequency_cap_counts_what_it_searched() -> None:
    respondent = make_respondent()
    send(respondent, now=NOW - 10 * DAY)
    send(respondent, now=NOW)
    send(make_respondent(), now=NOW)
    assert run("check_frequency_cap") == (0, "persons=2 sends=3 violations=0\n", "")


@pytest.mark.parametrize(
    ("third_after", "states", "reasons", "violations"),
    [
        (WINDOW - dt.timedelta(seconds=1), ["sent", "sent", "sent"], ["", "", ""], 1),
        (WINDOW, ["sent", "sent", "sent"], ["", "", ""], 0),
        (2 * DAY, ["sent", "unknown", "sending"], ["", "", ""], 1),
        (2 * DAY, ["sent", "failed", "sent"], ["", "", ""], 0),
        (2 * DAY, ["sent", "sent", "sent"], ["imported"] * 3, 0),
        (2 * DAY, ["sent", "sent", "sent"], ["imported", "imported", ""], 1),
    ],
)
def test_check_frequency_cap_finds_three_within_the_window(
    third_after: dt.timedelta, states: list[str], reasons: list[str], violations: int
) -> None:
    respondent = make_respondent()
    times = [NOW, NOW + DAY, NOW + third_after]
    for state, reason, at in zip(states, reasons, times, strict=True):
        make_invitation(respondent, state=state, reason=reason, sent_at=at)
    code, out, err = run("check_frequency_cap")
    assert (code, out.split()[2]) == (bool(violations), f"violations={violations}")
    assert err.count(f"person {respondent.person_id}: 2026-11-24T09:00:00+00:00") == violations


@pytest.mark.parametrize(
    ("told_after", "code", "breaches"),
    [(dt.timedelta(days=2), 1, 0), (dt.timedelta(days=3, seconds=1), 0, 1)],
)
def test_check_frequency_cap_tells_apart_what_an_import_told_too_late(
    told_after: dt.timedelta, code: int, breaches: int
) -> None:
    respondent = make_respondent()
    for at in (NOW, NOW + DAY):
        asked = make_invitation(respondent, state="sent", reason="imported", sent_at=at)
        answer = Response.objects.create(
            invitation=asked, score=9, answered_at=at, changed_at=at, language="en"
        )
        ResponseChange.objects.create(response=answer, at=NOW + told_after, score_after=9)
    make_invitation(respondent, state="sent", sent_at=NOW + 3 * DAY)

    found, out, err = run("check_frequency_cap")
    assert (found, out) == (code, f"persons=1 sends=3 violations={code}\n")
    assert err.count("history=1: ") == breaches


def test_check_frequency_cap_sees_three_of_ours_around_what_was_told_too_late() -> None:
    respondent = make_respondent()
    for days in (0, 2, 3):
        make_invitation(respondent, state="sent", sent_at=NOW + days * DAY)
    asked = make_invitation(respondent, state="sent", reason="imported", sent_at=NOW + DAY)
    answer = Response.objects.create(
        invitation=asked, score=9, answered_at=NOW + DAY, changed_at=NOW + DAY, language="en"
    )
    ResponseChange.objects.create(response=answer, at=NOW + 9 * DAY, score_after=9)

    code, out, err = run("check_frequency_cap")
    assert (code, out) == (1, "persons=1 sends=4 violations=1\n")
    assert "history=1: " in err


def test_check_frequency_cap_reports_what_another_system_did_alone() -> None:
    respondent = make_respondent()
    for days in range(3):
        at = NOW + days * DAY
        make_invitation(respondent, state="sent", reason="imported", sent_at=at)
    make_invitation(respondent, state="sent", sent_at=NOW + WINDOW + 3 * DAY)
    code, out, err = run("check_frequency_cap")
    assert (code, out) == (0, "persons=1 sends=4 violations=0\n")
    assert err.startswith("history=1: made by imported surveys")


def test_check_frequency_cap_knows_since_when_two_persons_are_one() -> None:
    kept, gone = make_respondent(), make_respondent()
    for respondent in (kept, kept, gone, gone):
        send(respondent, now=NOW)
    slots.merge_persons(kept.person, gone.person, now=NOW + DAY, by=None)
    assert run("check_frequency_cap")[1] == "persons=1 sends=4 violations=0\n"
    make_invitation(kept, state="sent", sent_at=NOW + 2 * DAY)
    assert run("check_frequency_cap")[1] == "persons=1 sends=5 violations=1\n"
