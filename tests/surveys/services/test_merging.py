"""What holds for one human being holds after their two addresses were merged, too."""

from __future__ import annotations

import pytest

from accounts.domain.contactability import SuppressionReason
from accounts.domain.imports.file_columns import FileKind
from accounts.models import (
    Customer,
    Event,
    Person,
    Reading,
    Respondent,
    RespondentReading,
    Suppression,
)
from accounts.services.suppression import lift, suppress
from surveys.domain.mail.delivery import Phase
from surveys.models import Attempt, Campaign, Invitation, Response
from surveys.queries.delivery import findings
from surveys.queries.proofs import frequency_violations
from surveys.sending.batch import send_batch
from surveys.sending.claims.claim import accepted, settle, settle_and_claim
from surveys.sending.dispatch import dispatch_due
from surveys.sending.events import provider_events
from surveys.sending.mails import Mail, read_mails
from surveys.sending.not_accepted import record_outcome
from surveys.sending.sweeps import sweep
from surveys.sending.transports.smtp import classify
from surveys.sending.transports.smtp_connection import Reply
from surveys.services import slots
from surveys.services.campaigns.plan import plan_due
from surveys.services.people.erase import erase_person
from surveys.services.people.opt_out import opt_out
from tests.accounts.importing import Files, counts
from tests.staffing import make_staff
from tests.world import (
    DAY,
    HOUR,
    NOW,
    SECOND,
    WINDOW,
    make_campaign,
    make_customer,
    make_invitation,
    make_person,
    make_respondent,
    person_for,
    send,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def queued(campaign: Campaign | None = None, respondent: Respondent | None = None) -> Invitation:
    row = make_invitation(respondent or make_respondent(), campaign)
    assert slots.reserve({row.person_id: row.pk}, now=NOW)
    return row


def sent(campaign: Campaign | None = None, respondent: Respondent | None = None) -> Invitation:
    row = queued(campaign, respondent)
    send_batch([row.pk], clock=lambda: NOW)
    row.refresh_from_db()
    return row


def merge(kept: Person, gone: Person) -> None:
    slots.merge_persons(kept, gone, now=NOW + HOUR, by=None)


def run(day: float) -> None:
    now = NOW + day * DAY
    sweep(now=now)
    dispatch_due(now=now, foreground=True)


def test_opting_out_by_the_mail_of_the_other_address_stops_its_reminder(sink) -> None:
    row = sent(make_campaign(reminder_after_days=3))
    merge(make_respondent().person, row.person)

    opt_out(row.public_id, now=NOW + 2 * HOUR)
    run(3)

    assert len(sink.received) == 1


def test_opting_out_stops_a_mail_that_was_under_way_at_the_merge(sink) -> None:
    row, kept = queued(), make_respondent().person
    mails = read_mails([row.pk], kind=Attempt.Kind.SURVEY, now=NOW)
    [mail] = mails
    assert isinstance(mail, Mail)
    assert settle_and_claim([], [mail], kind=mail.kind, sender="w", at=NOW)
    merge(kept, row.person)
    later = Reply(Phase.RCPT, 451, "4.2.0 later")
    record_outcome(mails[0], classify(later), now=NOW + HOUR)

    suppress(kept, SuppressionReason.OPTED_OUT, now=NOW + 2 * HOUR)
    send_batch([row.pk], clock=lambda: NOW + DAY)

    row.refresh_from_db()
    assert (row.state, row.reason, sink.received) == ("skipped", "opted_out", [])


@pytest.mark.parametrize("outcome", ["accepted", "unknown"])
def test_a_mail_that_lost_its_slot_to_a_merge_counts_from_when_it_was_accepted(outcome) -> None:
    """Sends of the other address came between its claim and then: of the three the latest count."""
    kept, row = make_respondent(), queued()
    [mail] = read_mails([row.pk], kind=Attempt.Kind.SURVEY, now=NOW)
    assert isinstance(mail, Mail)
    assert settle_and_claim([], [mail], kind=mail.kind, sender="w", at=NOW)
    for seconds in (1, 3):
        send(kept, now=NOW + seconds * SECOND)
    slots.merge_persons(kept.person, row.person, now=NOW + 4 * SECOND, by=None)
    if outcome == "accepted":
        result = classify(Reply(Phase.ACCEPTED, 250, "2.0.0 ok"))
        settle([accepted(mail, result)], kind=mail.kind, at=NOW + 5 * SECOND)
    else:
        record_outcome(mail, classify(Reply(Phase.DOT_WRITTEN, None, "")), now=NOW + 5 * SECOND)

    possible = slots.next_possible(kept.person, now=NOW + SECOND + WINDOW)
    assert possible == NOW + 3 * SECOND + WINDOW


def test_a_mail_that_comes_back_to_a_slot_which_the_merge_has_filled_is_capped(sink) -> None:
    """It used to wait for the slot, a year, and kept its campaign from ending."""
    kept = make_respondent()
    row, _ = queued(), [send(kept, now=NOW - DAY) for _ in range(2)]
    mails = read_mails([row.pk], kind=Attempt.Kind.SURVEY, now=NOW)
    [mail] = mails
    assert isinstance(mail, Mail)
    assert settle_and_claim([], [mail], kind=mail.kind, sender="w", at=NOW)
    merge(kept.person, row.person)
    later = Reply(Phase.RCPT, 451, "4.2.0 later")
    record_outcome(mails[0], classify(later), now=NOW + HOUR)

    send_batch([row.pk], clock=lambda: NOW + DAY)

    row.refresh_from_db()
    assert (row.state, row.reason, sink.received) == ("skipped", "capped", [])
    assert list(findings(now=NOW + DAY)) == []


def test_an_opt_out_from_before_the_merge_holds_for_both_and_is_lifted_for_both() -> None:
    kept, gone = make_respondent().person, make_respondent().person
    suppress(kept, SuppressionReason.OPTED_OUT, now=NOW)
    merge(kept, gone)
    active = Suppression.objects.active()
    assert set(active.values_list("person", flat=True)) == {kept.pk, gone.pk}
    # Told once.
    [shown] = active.first_hand()

    lift(shown, by=make_staff("admin"), note="Asked us to.", now=NOW + DAY)

    assert not Suppression.objects.active().exists()


def test_a_campaign_that_has_asked_the_one_does_not_ask_the_other(sink) -> None:
    campaign = make_campaign()
    asked, waiting = sent(campaign), queued(campaign)

    merge(waiting.person, asked.person)
    send_batch([waiting.pk], clock=lambda: NOW + 2 * HOUR)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.reason) == ("cancelled", "merged")
    assert len(sink.received) == 1


def test_a_mail_waiting_for_the_one_alone_goes_out(sink) -> None:
    row = queued()
    merge(make_respondent().person, row.person)

    send_batch([row.pk], clock=lambda: NOW + 2 * HOUR)

    assert len(sink.received) == 1


def test_who_answered_under_the_one_address_is_not_reminded_under_the_other(sink) -> None:
    campaign = make_campaign(reminder_after_days=3)
    one, other = sent(campaign), sent(campaign)
    merge(other.person, one.person)

    Response.objects.create(invitation=other, score=9, answered_at=NOW, changed_at=NOW)
    run(3)

    assert len(sink.received) == 2


def test_the_gap_between_surveys_counts_what_the_other_address_was_sent(sink) -> None:
    asked, kept = sent(), make_respondent()
    merge(kept.person, asked.person)
    Campaign.objects.update(state="finished")
    make_campaign(minimum_gap_days=30, starts_at=NOW)

    plan_due(now=NOW + 2 * HOUR)
    run(1)

    assert len(sink.received) == 1


def test_a_lifted_bounce_stays_lifted_when_the_provider_tells_of_it_once_more(sink) -> None:
    row = sent()
    bounce = {"provider": "p", "invitation": row, "occurred_at": NOW + SECOND}
    provider_events.keep(event_id="1", kind="bounced", detail={"bounce": "hard"}, **bounce)
    provider_events.apply_events(now=NOW + SECOND)
    kept = make_respondent().person
    merge(kept, row.person)
    admin = make_staff("admin")
    for each in Suppression.objects.active().filter(person=kept):
        lift(each, by=admin, note="Mended.", now=NOW + 2 * HOUR)

    provider_events.keep(event_id="2", kind="opened", detail={}, **bounce)
    provider_events.apply_events(now=NOW + 3 * HOUR)

    assert not Suppression.objects.active().exists()


def test_history_that_is_corrected_after_a_merge_takes_the_slots_of_both(files, sink) -> None:
    kept = make_respondent(person_for("new@x.example"), email="new@x.example")
    header = ["email", "score", "answered_at", "response_id"]
    answers = [["old@x.example", 9, f"2026-11-{day}", f"r{day}"] for day in ("02", "10")]
    files.bring_in(FileKind.RESPONSES, [header, *answers], now=NOW)
    merge(kept.person, person_for("old@x.example"))

    invited = [[*row, row[2]] for row in answers]
    files.bring_in(FileKind.RESPONSES, [[*header, "invited_at"], *invited], now=NOW + HOUR)
    make_campaign(starts_at=NOW)
    plan_due(now=NOW + 2 * HOUR)
    run(1)

    assert sink.received == []
    assert frequency_violations().violations == 0


@pytest.mark.parametrize("columns", [4, 3], ids=["with ids", "without"])
def test_history_imported_again_after_a_chain_of_merges_changes_nothing(files, columns) -> None:
    header = ["email", "score", "answered_at", "response_id"][:columns]
    rows = [header, ["a@x.example", 9, "2026-06-01", "r1"][:columns]]
    files.bring_in(FileKind.RESPONSES, rows)
    second, third = make_person("b@x.example"), make_person("c@x.example")
    merge(second, person_for("a@x.example"))
    merge(third, second)

    tally = files.bring_in(FileKind.RESPONSES, rows)

    assert (counts(tally), files.errors) == ((1, 0, 0, 1, 0), [])
    assert Response.objects.count() == 1


def test_events_and_readings_stay_as_they_were_and_their_files_change_nothing_again(
    files: Files,
) -> None:
    customer = make_customer()
    kept, gone = (
        make_respondent(make_person(f"{name}@x.example"), customer=customer)
        for name in ("kept", "gone")
    )
    events = [
        ["customer_id", "kind", "at", "email", "note"],
        *([customer.customer_id, "trained", "2026-10-01 09:00", each.email, each.email]
          for each in (kept, gone)),
    ]  # fmt: skip
    usage = [
        ["customer_id", "day", "measure", "value", "email"],
        *([customer.customer_id, "2026-10-01", "logins", "2", each.email] for each in (kept, gone)),
    ]
    files.bring_in(FileKind.EVENTS, events)
    files.bring_in(FileKind.USAGE, usage)
    before = facts_of(customer)

    slots.merge_persons(kept.person, gone.person, now=NOW, by=None)

    assert facts_of(customer) == before
    assert counts(files.bring_in(FileKind.EVENTS, events)) == (2, 0, 0, 2, 0)
    assert counts(files.bring_in(FileKind.USAGE, usage)) == (2, 0, 0, 2, 0)
    assert facts_of(customer) == before
    erase_person(kept.person, by=make_staff("admin"), now=NOW)
    assert set(Event.objects.values_list("email", "note")) == {("", "")}
    assert Event.objects.values("mail_key").distinct().count() == 2
    assert not RespondentReading.objects.exists()
    assert Reading.objects.get(customer=customer).value == 4


def facts_of(customer: Customer) -> list[list[tuple[object, ...]]]:
    events = customer.events.order_by("pk").values_list("pk", "respondent", "mail_key")
    own = RespondentReading.objects.order_by("respondent").values_list("respondent", "value")
    sums = Reading.objects.values_list("customer", "day", "value")
    return [list(events), list(own), list(sums)]


@pytest.mark.parametrize(("days_ago", "state"), [(200, "queued"), (20, "cancelled")])
def test_a_campaign_that_goes_on_drops_the_second_email_of_one_occasion_alone(
    days_ago: int, state: str
) -> None:
    campaign = make_campaign(repeat="every", every_months=6)
    gone, kept = make_respondent(), make_respondent()
    before = NOW - days_ago * DAY
    make_invitation(gone, campaign, state="sent", send_at=before, sent_at=before)
    waiting = make_invitation(kept, campaign, send_at=NOW + HOUR)

    slots.merge_persons(kept.person, gone.person, now=NOW, by=None)

    waiting.refresh_from_db()
    assert waiting.state == state
