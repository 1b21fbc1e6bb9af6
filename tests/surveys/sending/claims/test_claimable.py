"""One statement decides whether an e-mail may be claimed, and another whether it may begin."""

from __future__ import annotations

import pytest

from accounts.domain.contactability import SuppressionReason
from accounts.models import Person
from accounts.services.suppression import suppress
from surveys.models import Attempt, Campaign, DomainHealth, Invitation, Response, Slot
from surveys.sending import recovery
from surveys.sending.claims import claim
from surveys.sending.mails import Mail, read_mails
from surveys.services import slots
from tests.surveys.helpers.queued import (
    before_the_turn_of,
    claimed,
    mail_ready,
    queued,
    send,
    slot_of,
    to_remind,
)
from tests.world import (
    DAY,
    NOW,
    SECOND,
    make_campaign,
    make_invitation,
    make_person,
    make_respondent,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


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


def let_the_occasion_pass(row: Invitation) -> None:
    Invitation.objects.filter(pk=row.pk).update(ask_by=NOW)


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
    let_the_occasion_pass,
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


def find_an_older_send(row: Invitation) -> None:
    """A merge, or imported history, left to the slot the date of another send."""
    Slot.objects.filter(held_by=row).update(prev_free_at=NOW + SECOND)


BETWEEN = [
    *(ask_somebody_merged_since, merge_into_another),
    *(pause, end, opt_out, erase, shut_domain, shut_our_server),
    *(let_the_hours_pass, edit_the_hours, let_the_occasion_pass),
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


STOPS = [
    find_an_older_send,
    take_slot,
    opt_out,
    erase,
    end,
    shut_domain,
    let_the_hours_pass,
    edit_the_hours,
]


@pytest.mark.parametrize("fact", STOPS)
def test_what_happens_within_a_batch_stops_the_mails_after_it(sink, monkeypatch, fact):
    """R4."""
    rows = queued(2)
    before_the_turn_of(rows[1], monkeypatch, lambda: fact(rows[1]))
    send(rows)

    assert sink.recipients == [rows[0].email]
    assert rows[1].state in {"queued", "skipped"}
    assert Attempt.objects.filter(invitation=rows[1]).count() == 0


@pytest.mark.parametrize("state", ["draft", "paused", "finished"])
def test_only_a_running_campaign_sends(sink, state):
    [row] = queued(campaign=make_campaign(state=state))

    assert send([row]) == {"not_claimed": 1}
    assert (row.state, sink.received, Attempt.objects.count()) == ("queued", [], 0)
    assert slot_of(row).held_by == row


def test_not_due_yet_is_not_sent(sink):
    [row] = queued()
    send([row], now=NOW - SECOND)

    assert (row.state, sink.received) == ("queued", [])


def test_slot_that_is_not_free_now_is_never_anchored_again(sink):
    [row] = queued()
    Slot.objects.filter(held_by=row).update(free_at=NOW + SECOND)

    assert send([row]) == {"not_claimed": 1}
    assert (row.state, row.attempts_made, sink.received) == ("queued", 0, [])


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


def test_another_occasion_of_the_same_campaign_is_another_survey():
    row, _ = mail_ready()
    Invitation.objects.filter(pk=row.pk).update(occasion="2026-11-01")
    before = {"state": "sent", "sent_at": NOW - 200 * DAY, "occasion": "2026-05-01"}
    gone = make_invitation(make_respondent(), row.campaign, **before)
    Person.objects.filter(pk=gone.person_id).update(merged_into=row.person, merged_at=NOW)
    [mail] = read_mails([row.pk], kind=Attempt.Kind.SURVEY, now=NOW)
    assert isinstance(mail, Mail)
    mail.domains = (mail.domain, "")

    Invitation.objects.filter(pk=gone.pk).update(occasion="2026-11-01")
    assert not claimed(mail)
    Invitation.objects.filter(pk=gone.pk).update(occasion="2026-05-01")
    assert claimed(mail)


def test_moments_are_compared_as_they_are_meant():
    """Due at the moment itself; not any more at the one that hours or campaign end with."""
    row, mail = mail_ready()
    soon = NOW + SECOND
    Invitation.objects.filter(pk=row.pk).update(send_at=NOW, send_by=soon, ask_by=soon)
    Campaign.objects.update(ends_at=NOW + SECOND)
    Slot.objects.filter(held_by=row).update(free_at=NOW)

    assert claimed(mail)


def ask_no_more(row: Invitation) -> None:
    Campaign.objects.update(ends_at=NOW)


def answer(row: Invitation) -> None:
    Response.objects.create(invitation=row, score=9, answered_at=NOW, changed_at=NOW)


def bounce(row: Invitation) -> None:
    Invitation.objects.filter(pk=row.pk).update(delivery_status="bounced")


def lose(row: Invitation) -> None:
    Invitation.objects.filter(pk=row.pk).update(state="unknown")


def let_the_reminders_hours_pass(row: Invitation) -> None:
    Invitation.objects.filter(pk=row.pk).update(reminder_send_by=NOW)


def let_another_worker_remind(row: Invitation) -> None:
    Invitation.objects.filter(pk=row.pk).update(reminder_state="retry")
    Attempt.objects.create(
        invitation=row, kind="reminder", number=1, worker="v", outcome="retry", started_at=NOW
    )


KEEPS_REMINDERS = [answer, bounce, lose, opt_out, pause, let_the_reminders_hours_pass]


@pytest.mark.parametrize("fact", [*KEEPS_REMINDERS, let_another_worker_remind])
def test_reminder_is_not_claimed_after(fact):
    row, mail = mail_ready()
    assert claimed(mail)
    reminder = to_remind(row)
    fact(row)

    assert not claimed(reminder)
    assert not Attempt.objects.filter(kind="reminder", worker="w").exists()


@pytest.mark.parametrize("fact", KEEPS_REMINDERS)
def test_claimed_reminder_does_not_begin_after(fact):
    row, mail = mail_ready()
    assert claimed(mail)
    reminder = to_remind(row)
    assert claim.settle_and_claim([], [reminder], kind=reminder.kind, sender="w", at=NOW)
    fact(row)

    assert not claim.begin(reminder, sender="w", now=NOW)


@pytest.mark.parametrize(
    "fact", [ask_no_more, let_the_hours_pass, let_the_occasion_pass, put_off, take_slot]
)
def test_reminder_goes_whatever_would_stop_its_survey_by_now(fact):
    row, mail = mail_ready()
    assert claimed(mail)
    reminder = to_remind(row)
    fact(row)

    assert claimed(reminder)
