"""The claim by itself: one statement decides whether an e-mail may go."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.domain.contactability import SuppressionReason
from accounts.models import Person
from accounts.services.suppression import suppress
from surveys.domain.mail.delivery import Outcome, Verdict
from surveys.models import Attempt, Campaign, DomainHealth, Invitation, Sender, Slot
from surveys.sending import claim, recovery
from surveys.sending.mails import Mail, read_mails
from surveys.sending.transports.base import Result
from surveys.services import slots
from tests.world import (
    NOW,
    SECOND,
    WINDOW,
    make_campaign,
    make_invitation,
    make_person,
    make_respondent,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def mail_ready() -> tuple[Invitation, Mail]:
    row = make_invitation(make_respondent(), make_campaign())
    slots.reserve({row.person_id: row.pk}, now=NOW)
    [mail] = read_mails([row.pk], kind=Attempt.Kind.SURVEY, now=NOW)
    assert isinstance(mail, Mail)
    mail.domains = (mail.domain, "")
    return row, mail


def claimed(mail: Mail, *, now: dt.datetime = NOW) -> bool:
    """Whether it may go: it was claimed, and began; else it is given back."""
    if not claim.settle_and_claim([], [mail], kind=mail.kind, sender="w", at=now):
        return False
    if claim.begin(mail, sender="w", now=now):
        return True
    recovery.give_back([mail.invitation_id], kind=mail.kind, sender="w")
    return False


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


def ask_somebody_merged_since(row: Invitation) -> None:
    """Another address of the same human being has this survey already."""
    gone = make_respondent()
    make_invitation(gone, row.campaign, state="sent", sent_at=NOW)
    Person.objects.filter(pk=gone.person_id).update(merged_into=row.person, merged_at=NOW)


def merge_into_another(row: Invitation) -> None:
    kept = make_person()
    Person.objects.filter(pk=row.person_id).update(merged_into=kept, merged_at=NOW)


def move_to_another(row: Invitation) -> None:
    Invitation.objects.filter(pk=row.pk).update(person=make_person())


def let_another_worker_try(row: Invitation) -> None:
    Invitation.objects.filter(pk=row.pk).update(state="retry", attempts_made=1)


FACTS = [
    let_another_worker_try,
    *(ask_somebody_merged_since, merge_into_another, move_to_another),
    *(pause, end, opt_out, erase, shut_domain, shut_our_server),
    *(take_slot, use_slot, cancel, give_up, put_off, let_the_hours_pass, edit_the_hours),
]


@pytest.mark.parametrize("fact", FACTS)
def test_claim_is_not_won_after(fact):
    """R4, R39, R42: though the mail was read before it happened."""
    row, mail = mail_ready()
    fact(row)
    mine = Invitation.objects.filter(pk=row.pk)
    states = mine.values_list("state", "attempts_made").get()
    dates = list(Slot.objects.order_by("pk").values_list("free_at", "held_by"))

    assert not claimed(mail)
    assert mine.values_list("state", "attempts_made").get() == states
    assert list(Slot.objects.order_by("pk").values_list("free_at", "held_by")) == dates
    assert Attempt.objects.count() == 0


BETWEEN = [
    *(ask_somebody_merged_since, merge_into_another),
    *(pause, end, opt_out, erase, shut_domain, shut_our_server),
    *(let_the_hours_pass, edit_the_hours),
]


@pytest.mark.parametrize("fact", BETWEEN)
def test_claimed_mail_does_not_begin_after(fact):
    """It waits again as if it never had been claimed, and nobody has been asked."""
    row, mail = mail_ready()
    assert claim.settle_and_claim([], [mail], kind=mail.kind, sender="w", at=NOW) == {row.pk}
    fact(row)

    assert not claim.begin(mail, sender="w", now=NOW)
    assert recovery.give_back([row.pk], kind=mail.kind, sender="w") == 1

    row.refresh_from_db()
    assert (row.state, row.attempts_made, row.claimed_at) == ("queued", 0, None)
    assert Slot.objects.get(held_by=row).free_at < NOW
    assert Attempt.objects.count() == 0


def test_mail_of_a_group_begins_only_while_its_sender_is_known():
    """Its row went with a crash of the database, or another machine has settled what it left."""
    _, mail = mail_ready()
    claim.settle_and_claim([], [mail], kind=mail.kind, sender="w", at=NOW)

    assert not claim.begin(mail, sender="another", now=NOW)
    Sender.objects.all().delete()
    assert not claim.begin(mail, sender="w", now=NOW)


def test_group_is_claimed_as_far_as_its_rows_may_be():
    ready, paused = mail_ready(), mail_ready()
    pause_only = Campaign.objects.filter(pk=paused[0].campaign_id)
    pause_only.update(state="paused")
    mails = [ready[1], paused[1]]

    won = claim.settle_and_claim([], mails, kind=mails[0].kind, sender="w", at=NOW)

    assert won == {ready[0].pk}
    assert list(Attempt.objects.values_list("invitation_id", flat=True)) == [ready[0].pk]


def test_claim_is_won_once_with_its_attempt_and_its_slot_anchored():
    row, mail = mail_ready()

    assert [claimed(mail), claimed(mail)] == [True, False]

    row.refresh_from_db()
    assert (row.state, row.attempts_made) == ("sending", 1)
    assert Attempt.objects.get().outcome == ""
    slot = Slot.objects.get(held_by=row)
    assert slot.free_at == NOW + WINDOW


@pytest.mark.parametrize("state", ["sending", "sent", "unknown", "queued", "failed"])
@pytest.mark.parametrize("chain", [False, True])
def test_claim_knows_everybody_who_turned_out_to_be_the_person(state, chain):
    """The same survey never goes twice to one human being, however they were merged."""
    row = make_invitation(make_respondent(), make_campaign())
    slots.reserve({row.person_id: row.pk}, now=NOW)
    other = make_invitation(make_respondent(), row.campaign, state=state)
    between = make_person() if chain else row.person
    Person.objects.filter(pk=other.person_id).update(merged_into=between)
    if chain:
        Person.objects.filter(pk=between.pk).update(merged_into=row.person)
    [mail] = read_mails([row.pk], kind=Attempt.Kind.SURVEY, now=NOW)

    assert isinstance(mail, Mail)
    assert set(mail.family) == {row.person_id, between.pk, other.person_id}
    assert claimed(mail) == (state in {"queued", "failed"})


def test_settlement_travels_with_the_next_claim():
    _, first = mail_ready()
    second_row, second = mail_ready()
    assert claimed(first)
    result = Result("accepted", 250, "ok", Verdict(Outcome.SENT, "accepted"))
    before = [claim.accepted(first, result)]

    later = NOW + SECOND
    assert claim.settle_and_claim(before, [second], kind=second.kind, sender="w", at=later)

    sent = Invitation.objects.get(pk=first.invitation_id)
    assert (sent.state, sent.sent_at, sent.settled_at) == ("sent", later, later)
    attempt = Attempt.objects.get(invitation=sent)
    assert (attempt.outcome, attempt.phase, attempt.code, attempt.reply) == (
        *("sent", "accepted", 250, "ok"),
    )
    assert (
        Slot.objects.filter(person=sent.person_id, held_by=None).get(free_at__gt=NOW).free_at
        == later + WINDOW
    )
    second_row.refresh_from_db()
    assert (second_row.state, second_row.claimed_at) == ("sending", later)
    # Again, as after an answer that was lost: nothing changes.
    claim.settle(before, kind=first.kind, at=later + SECOND)
    assert Invitation.objects.get(pk=first.invitation_id).sent_at == later
