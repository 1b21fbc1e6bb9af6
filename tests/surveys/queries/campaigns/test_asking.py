from __future__ import annotations

import pytest

from accounts.domain.contactability import SuppressionReason
from accounts.services.suppression import suppress
from surveys.domain.eligibility import Reason
from surveys.queries.campaigns.asking import asking, may_ask
from surveys.services import slots
from tests.staffing import make_staff
from tests.world import DAY, HOUR, NOW, WINDOW, make_campaign, make_customer, make_respondent, send

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_each_is_decided_on_as_by_planning_with_the_reason_and_from_when() -> None:
    customer = make_customer()
    people = {
        name: make_respondent(customer=customer, name=name)
        for name in ("free", "capped", "recent", "opted out", "french")
    }
    make_respondent(people["free"].person, customer=make_customer(), name="elsewhere")
    for age in (200 * DAY, 100 * DAY):
        send(people["capped"], now=NOW - age)
    send(people["recent"], now=NOW - 10 * DAY)
    suppress(people["opted out"].person, SuppressionReason.OPTED_OUT, now=NOW, source="test")
    people["french"].language = "fr"
    people["french"].save()
    campaign = make_campaign(minimum_gap_days=30, audience={"plan": ["nobody has this"]})

    found = {each.facts.respondent_id: each for each in asking(campaign, customer, now=NOW)}

    assert {
        name: (found[who.pk].decision.reason, found[who.pk].decision.next_possible)
        for name, who in people.items()
    } == {
        "free": (Reason.ASKED, NOW),
        "capped": (Reason.CAPPED, NOW - 200 * DAY + WINDOW),
        "recent": (Reason.ASKED_RECENTLY, NOW + 20 * DAY),
        "opted out": (Reason.OPTED_OUT, None),
        "french": (Reason.WRONG_LANGUAGE, None),
    }
    assert len(found) == len(people)
    assert [each.send_at for each in found.values() if each.send_at] == [NOW]


def test_an_e_mail_leaves_in_the_hours_of_the_campaign_and_not_after_its_end() -> None:
    customer = make_customer()
    make_respondent(customer=customer, time_zone="UTC")
    later = make_campaign(send_from="12:00", send_until="13:00")
    later.refresh_from_db()
    ended = make_campaign(ends_at=NOW)

    [each] = asking(later, customer, now=NOW)
    assert each.send_at == NOW + 3 * HOUR
    [each] = asking(ended, customer, now=NOW)
    assert (each.send_at, each.decision.reason) == (None, Reason.TOO_LATE)


def test_who_turned_out_to_be_somebody_else_is_asked_as_that_one() -> None:
    customer = make_customer()
    kept, gone = make_respondent(customer=customer), make_respondent(customer=customer)
    slots.merge_persons(kept.person, gone.person, now=NOW, by=make_staff("admin"))

    found = asking(make_campaign(), customer, now=NOW)
    assert [each.facts.respondent_id for each in found] == [kept.pk]


def test_campaigns_that_send_may_ask() -> None:
    running = make_campaign()
    for state in ("draft", "paused", "finished", "cancelled"):
        make_campaign(state=state)
    make_campaign(starts_at=NOW + HOUR)
    make_campaign(reschedule_from=NOW)

    assert list(may_ask(now=NOW)) == [running]
