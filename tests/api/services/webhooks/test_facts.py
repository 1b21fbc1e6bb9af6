"""Each thing that happens is told of in its own transaction, once, and history is not."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.domain.contactability import SuppressionReason
from accounts.services.suppression import suppress
from actions.domain.follow_ups.states import Dismissal
from actions.models import Delivery, FollowUp
from actions.services.follow_ups.work import Act, dismiss
from analytics.services.health.overrides import end_override, set_band
from analytics.services.health.signals import scored as scored_signal
from api.domain.events import Event as Name
from api.models import Event
from api.services.webhooks import facts
from surveys.models import Campaign
from surveys.sending.sweeps import finish_campaigns
from surveys.services.answers.import_rows import New, write_responses
from surveys.services.campaigns.states import cancel, launch, pause, resume
from tests.actions.following import OWNER, answered
from tests.actions.health import TODAY, scored
from tests.api.calling import Caller
from tests.api.hooks import make_webhook, queued
from tests.staffing import make_staff
from tests.world import DAY, NOW, SECOND, answer, make_campaign, make_customer, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def names() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("name", flat=True))


def test_an_answer_and_each_change_of_it_are_told_of_and_a_repetition_is_not() -> None:
    make_webhook()
    invitation = answered(9).invitation
    answer(invitation, 9, at=NOW + 60 * SECOND)
    answer(invitation, 9, at=NOW + 120 * SECOND, comment="Fast")
    answer(invitation, 8, at=NOW + 180 * SECOND, comment="Fast")

    assert queued() == ["response.created", "response.updated", "response.updated"]
    assert [each["score"] for each in Event.objects.values_list("about", flat=True)] == [9, 9, 8]


def test_what_turns_out_to_be_a_scanners_is_told_of_and_counts_as_new_once() -> None:
    make_webhook(*facts.ANSWERS)
    invitation = answered(9).invitation
    for number, score in enumerate([0, 10, 3]):
        answer(invitation, score, at=NOW + number * SECOND)
    assert queued() == ["response.created", "response.updated", "response.set_aside"]

    answer(invitation, 7, at=NOW + DAY)
    assert queued()[3:] == ["response.updated"]


def test_follow_ups_are_told_of_when_they_open_and_close() -> None:
    make_webhook(Name.FOLLOW_UP_OPENED, Name.FOLLOW_UP_CLOSED)
    owner = make_staff("cs", OWNER)
    answered(2)
    found = FollowUp.objects.get()

    dismiss(Act(found, found.version, owner, NOW), reason=Dismissal.SOLVED, note="")

    assert queued() == ["follow_up.opened", "follow_up.closed"]


def test_campaigns_are_told_of_from_their_launch_to_their_end() -> None:
    make_webhook()
    campaign = make_campaign(state="draft")
    launch(campaign, by=None, now=NOW)
    pause(campaign, by=None, now=NOW + SECOND)
    resume(campaign, by=None, now=NOW + 2 * SECOND)
    pause(campaign, by=None, now=NOW + 3 * SECOND)
    cancel(campaign, by=None, now=NOW + 4 * SECOND)
    other = make_campaign(state="draft")
    launch(other, by=None, now=NOW)
    Campaign.objects.filter(pk=other.pk).update(ends_at=NOW)
    finish_campaigns(now=NOW + DAY)

    assert names() == [
        "campaign.launched", "campaign.paused", "campaign.resumed", "campaign.paused",
        "campaign.ended", "campaign.launched", "campaign.ended",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("opted_out", ["person.opted_out"]),
        ("complained", ["person.opted_out"]),
        ("bounced", ["person.bounced"]),
        ("manual", []),
    ],
)
def test_who_is_mailed_no_more_is_told_of_once(reason: str, told: list[str], time_machine) -> None:
    time_machine.move_to(NOW)
    make_webhook()
    person = make_person()
    for _ in range(2):
        suppress(person, SuppressionReason(reason), now=NOW)

    assert names() == told


def test_a_band_is_told_of_when_the_night_or_a_hand_changed_it() -> None:
    make_webhook(Name.BAND_CHANGED)
    falls, stays = make_customer(), make_customer()
    scored(falls, "best", "worst")
    scored(stays, "worst", "worst")
    for _ in range(2):
        scored_signal.send(None, day=TODAY - DAY, today=TODAY)
    admin = make_staff("admin")
    until = {"until": TODAY + 30 * DAY, "by": admin, "now": NOW, "today": TODAY}
    set_band(stays, band="Good", reason="They called.", **until)
    end_override(stays, by=admin, now=NOW + SECOND)

    told = [
        (each["customer"], each["after"]) for each in Event.objects.values_list("about", flat=True)
    ]
    worst = Event.objects.order_by("pk")[0].about["after"]
    assert told == [(falls.pk, worst), (stays.pk, "Good"), (stays.pk, worst)]


def test_history_that_a_file_brings_is_no_news() -> None:
    from accounts.domain.imports.file_columns import ResponseRow

    make_webhook()
    row = ResponseRow(
        email="a@x.example", score=9, answered_at=NOW, customer_id="", comment="", language="",
        campaign="", invited_at=None, response_id="1", mail_key="a@x.example", attributes={},
    )  # fmt: skip
    write_responses([New(row, None)], [], now=NOW)

    assert names() == []


def test_answers_by_a_program_are_news_and_so_is_each_save_of_one() -> None:
    caller = Caller()
    make_webhook(project=caller.project)
    person = caller.post("people", {"email": "a@x.example", "send": False})["id"]
    made = caller.post("survey_responses", {"person": person, "score": 9, "created_at": 1577836800})
    caller.put(f"survey_responses/{made['id']}", {"score": 3})
    caller.put(f"survey_responses/{made['id']}", {"tags": ["price"]})

    assert names() == ["response.created", "response.updated", "response.updated"]
    # An answer of long ago goes out now, and waits in its turn.
    assert Delivery.objects.filter(created_at__lt=NOW - dt.timedelta(days=30)).count() == 0
