"""The claim by itself: the second look at a mail's turn would hide what it lets through."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.domain.contactability import SuppressionReason
from accounts.models import Person
from accounts.services.suppression import suppress
from surveys.models import Attempt, Campaign, DomainHealth, Invitation, Slot
from surveys.sending import claim
from surveys.sending.claim import Mail
from surveys.sending.mails import read_mails
from surveys.services import slots
from tests.world import NOW, SECOND, WINDOW, make_campaign, make_invitation, make_respondent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def mail_ready() -> tuple[Invitation, Mail]:
    row = make_invitation(make_respondent(), make_campaign())
    slots.reserve({row.person_id: row.pk}, now=NOW)
    [mail] = read_mails([row.pk], kind=Attempt.Kind.SURVEY, now=NOW)
    assert isinstance(mail, Mail)
    mail.domains = (mail.domain, "")
    return row, mail


def claimed(mail: Mail, *, now: dt.datetime = NOW) -> int:
    return len(claim.settle_and_claim([], [mail], worker="w", now=now))


def pause(row: Invitation) -> None:
    Campaign.objects.update(state="paused")


def end(row: Invitation) -> None:
    Campaign.objects.update(ends_at=NOW)


def opt_out(row: Invitation) -> None:
    suppress(row.person, SuppressionReason.OPTED_OUT, now=NOW)


def erase(row: Invitation) -> None:
    Person.objects.filter(pk=row.person_id).update(erased_at=NOW)


def shut_domain(row: Invitation) -> None:
    DomainHealth.objects.create(domain=row.respondent.email.partition("@")[2], open_until=NOW)


def shut_our_server(row: Invitation) -> None:
    DomainHealth.objects.create(domain="", open_until=NOW)


def take_slot(row: Invitation) -> None:
    Slot.objects.filter(held_by=row).update(held_by=None)


def use_slot(row: Invitation) -> None:
    Slot.objects.filter(held_by=row).update(free_at=NOW + SECOND)


def cancel(row: Invitation) -> None:
    Invitation.objects.filter(pk=row.pk).update(state="cancelled")


def give_up(row: Invitation) -> None:
    Invitation.objects.filter(pk=row.pk).update(state="unknown")


def put_off(row: Invitation) -> None:
    Invitation.objects.filter(pk=row.pk).update(send_at=NOW + SECOND)


def let_the_hours_pass(row: Invitation) -> None:
    Invitation.objects.filter(pk=row.pk).update(send_by=NOW)


def edit_the_hours(row: Invitation) -> None:
    Campaign.objects.update(reschedule_from=NOW)


FACTS = [
    *(pause, end, opt_out, erase, shut_domain, shut_our_server),
    *(take_slot, use_slot, cancel, give_up, put_off, let_the_hours_pass, edit_the_hours),
]


@pytest.mark.parametrize("fact", FACTS)
def test_claim_is_not_won_after(fact):
    """R4, R39, R42: though the mail was read before it happened."""
    row, mail = mail_ready()
    fact(row)
    states = Invitation.objects.values_list("state", "attempts_made").get()
    dates = list(Slot.objects.order_by("pk").values_list("free_at", "held_by"))

    assert claimed(mail) == 0
    assert Invitation.objects.values_list("state", "attempts_made").get() == states
    assert list(Slot.objects.order_by("pk").values_list("free_at", "held_by")) == dates
    assert Attempt.objects.count() == 0


def test_claim_is_won_once_with_its_attempt_and_its_slot_anchored():
    row, mail = mail_ready()

    assert [claimed(mail), claimed(mail)] == [1, 0]

    row.refresh_from_db()
    assert (row.state, row.attempts_made) == ("sending", 1)
    assert Attempt.objects.get().outcome == ""
    slot = Slot.objects.get(held_by=row)
    assert slot.free_at == NOW + WINDOW
