from __future__ import annotations

import datetime as dt
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from actions.models import FollowUp, FollowUpRule, HoldOut
from actions.reports.follow_ups import follow_up_report
from analytics.domain.periods import Period
from tests.actions.following import answered
from tests.world import DAY, HOUR, NOW

pytestmark = pytest.mark.django_db
ASKED = NOW - 300 * DAY
PERIOD = Period.from_inclusive(dt.date(2026, 1, 1), dt.date(2026, 2, 28))
TODAY = NOW.date()


def followed(*, contact: int | None, closed: int | None, score: int = 3) -> FollowUp:
    """By so many hours after its answer."""
    found = answered(score, at=ASKED).case.follow_up
    values: dict = {} if contact is None else {"first_contact_at": ASKED + contact * HOUR}
    if closed is not None:
        values |= {"state": "closed", "closed_as": "done", "root_cause": "price"}
        values |= {"closed_at": ASKED + closed * HOUR}
    FollowUp.objects.filter(pk=found.pk).update(first_due_at=ASKED + 30 * HOUR, **values)
    return found


def test_times_are_medians_with_what_is_open_censored_and_shares_are_of_what_was_due() -> None:
    for contact, closed in ((10, 20), (20, 40), (30, None), (None, 50), (None, None)):
        followed(contact=contact, closed=closed)
    dismissed = followed(contact=1, closed=1)
    FollowUp.objects.filter(pk=dismissed.pk).update(closed_as="dismissed")

    found = follow_up_report(PERIOD, by="", now=NOW, today=TODAY)

    assert (found.opened, found.closed) == (5, 3)
    # Contacts after 10, 20 and 30 hours; one was closed without, at 50, and one is open.
    assert (found.first_contact.value, found.first_contact.reached) == (30.0, 3)
    assert (found.closing.value, found.closing.follow_ups) == (50.0, 5)
    in_time = found.contacted_in_time
    assert (in_time.numerator, in_time.denominator, in_time.value) == (3, 5, 0.6)
    assert found.closed_in_time.numerator == 1
    assert [(each.cause, each.follow_ups, each.share) for each in found.root_causes] == [
        ("price", 3, 1.0)
    ]


def test_the_command_gives_the_report_as_json_and_csv() -> None:
    followed(contact=10, closed=20)
    days = {"from_day": "2026-01-01", "to_day": "2026-02-28"}
    said = {}
    for kind in ("json", "csv"):
        out = StringIO()
        call_command("report_follow_ups", format=kind, stdout=out, **days)
        said[kind] = out.getvalue()

    found = json.loads(said["json"])
    assert found["first_contact_hours"]["value"] == 10.0
    assert found["note"].startswith("This is no trial")
    assert {each["outcome"] for each in found["effect"]} == {"next_score", "retention"}
    lines = said["csv"].splitlines()
    assert lines[0].startswith("figure,of,number,value,low,high,compared_number")
    assert len(lines) == 1 + 4 + 1 + 4
    with pytest.raises(CommandError, match="--by"):
        call_command("report_follow_ups", by="nothing", **days)


def test_a_hold_out_is_told_apart_and_is_said_to_be_a_trial() -> None:
    assert follow_up_report(PERIOD, by="", now=NOW, today=TODAY).trial_note == ""
    FollowUpRule.objects.create(trigger="score", level=8, due_hours=18)
    HoldOut.objects.create(percent=50)
    for _ in range(30):
        answered(8, at=ASKED)

    said = follow_up_report(PERIOD, by="", now=NOW, today=TODAY)

    found = said.as_dict()
    assert found["trial_note"].startswith("This is a trial")
    assert [(each["category"], each["outcome"]) for each in found["trial"]] == [
        ("passive", "next_score"), ("passive", "retention")
    ]  # fmt: skip
    assert len(found["effect"]) == 4
    (table,) = said.tables()
    assert {"next_score_trial", "retention_trial"} < {row[0] for row in table.rows}
