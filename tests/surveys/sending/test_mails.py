"""What is read of a batch, and who of it is not mailed at all."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.domain.contactability import SuppressionReason
from accounts.models import Dimension, MonthlyRevenue, Respondent, Suppression
from accounts.services.suppression import suppress
from surveys.domain.reasons import InvitationReason
from surveys.models import Attempt, Campaign, Invitation, Slot
from surveys.sending.mails import Mail, Unmailable, read_mails
from tests.surveys.helpers.queued import mail_ready, queued, send, to_remind
from tests.world import DAY, NOW, SECOND, make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.mark.parametrize("reason", list(SuppressionReason))
def test_suppressed_person_is_skipped_with_the_reason_and_keeps_a_free_slot(sink, reason):
    [row, other] = queued(2)
    suppress(row.person, reason, now=NOW)

    assert send([row, other]) == {"skipped": 1, "sent": 1}
    expected = "suppressed" if reason == "manual" else reason.value
    assert (row.state, row.reason, row.settled_at) == ("skipped", expected, NOW)
    assert sink.recipients == [other.email]
    assert not Slot.objects.filter(person=row.person, free_at__gt=NOW).exists()
    assert Attempt.objects.filter(invitation=row).count() == 0


def test_lifted_suppression_does_not_stop_mail(sink):
    [row] = queued()
    suppress(row.person, SuppressionReason.BOUNCED, now=NOW)
    Suppression.objects.update(lifted_at=NOW)

    assert send([row]) == {"sent": 1}


def test_customer_that_is_gone_is_skipped(sink):
    [row] = queued(customer=make_customer(churned_on=NOW.date()))

    assert send([row]) == {"skipped": 1}
    assert (row.state, row.reason) == ("skipped", "churned_customer")


def test_nobody_hears_that_they_left_who_is_a_customer_again(sink):
    left, again = queued(2, customer=make_customer(churned_on=NOW.date()))
    Campaign.objects.update(asks_former=True)
    Respondent.objects.filter(pk=again.respondent_id).update(customer=make_customer())

    assert send([left, again]) == {"sent": 1, "skipped": 1}
    assert (again.state, again.reason) == ("skipped", "came_back")
    assert sink.recipients == [left.email]


def test_erased_person_is_skipped(sink):
    [row] = queued()
    row.person.erased_at = NOW
    row.person.save()

    assert send([row]) == {"skipped": 1}
    assert (row.state, row.reason, sink.received) == ("skipped", "erased", [])


def read(*rows: Invitation, kind: Attempt.Kind = Attempt.Kind.SURVEY, now: dt.datetime = NOW):
    return read_mails([row.pk for row in rows], kind=kind, now=now)


def test_mails_come_in_the_order_of_their_ids_and_only_those_that_wait():
    rows = queued(4)
    for row, state in zip(rows, ("retry", "sending", "queued", "sent"), strict=True):
        Invitation.objects.filter(pk=row.pk).update(state=state)

    assert [mail.invitation_id for mail in read(*reversed(rows))] == [rows[0].pk, rows[2].pk]


def test_batch_is_read_in_as_many_queries_whatever_its_size():
    Dimension.objects.create(name="contract", source="customer", attribute="contract")
    rows = [
        *queued(1, customer=make_customer(attributes={"contract": "small"})),
        *queued(20, customer=make_customer(attributes={"contract": "large"})),
    ]
    read(*rows)
    with CaptureQueriesContext(connection) as one:
        assert len(read(rows[0])) == 1
    with CaptureQueriesContext(connection) as all_:
        mails = read(*rows)

    assert (len(mails), len(all_)) == (21, len(one))
    assert len({mail.profile_id for mail in mails}) == 2


def test_no_batch_after_the_first_counts_all_rows_of_revenue():
    cache.clear()
    rows = queued(2, customer=make_customer())
    for currency, customer in (("JPY", make_customer()), ("USD", make_customer())):
        MonthlyRevenue.objects.create(
            customer=customer, month=dt.date(2026, 10, 1), mrr=1, currency=currency
        )
    read(rows[0])
    with CaptureQueriesContext(connection) as found:
        read(rows[1])

    assert [each["sql"] for each in found if "COUNT(" in each["sql"]] == []


def test_respondent_without_an_address_is_not_mailed():
    [row] = queued()
    Respondent.objects.filter(pk=row.respondent_id).update(email="")

    assert read(row) == [Unmailable(row.pk, Attempt.Kind.SURVEY, InvitationReason.NO_ADDRESS)]


def test_customer_is_gone_from_the_day_on_where_koe_is_run(settings):
    """The day of Tokyo begins nine hours before that of UTC."""
    settings.TIME_ZONE = "Asia/Tokyo"
    [row] = queued(customer=make_customer(churned_on=dt.date(2026, 11, 25)))
    begins = dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)

    assert isinstance(read(row, now=begins - SECOND)[0], Mail)
    assert read(row, now=begins)[0].reason == "churned_customer"


def test_reminder_goes_to_the_address_that_was_asked_under_the_same_message_id():
    row, mail = mail_ready()
    Invitation.objects.filter(pk=row.pk).update(email="asked@Old.example", message_id="<1@x>")
    reminder = to_remind(row)

    assert (reminder.recipient.address, reminder.domain) == ("asked@Old.example", "old.example")
    assert reminder.recipient.message_id == "<1@x>" != mail.recipient.message_id
    assert (reminder.number, reminder.attributes, reminder.profile_id) == (1, "", None)


def test_each_kind_counts_its_own_attempts():
    row, _ = mail_ready()
    Invitation.objects.filter(pk=row.pk).update(attempts_made=3)
    assert [mail.number for mail in read(row)] == [4]
    for kind, number in (("survey", 3), ("reminder", 1), ("reminder", 2)):
        Attempt.objects.create(
            invitation=row, kind=kind, number=number, outcome="retry", started_at=NOW
        )

    assert to_remind(row).number == 3


def test_reminder_is_too_late_once_its_link_is_closed():
    row, _ = mail_ready()
    to_remind(row)
    kind = Attempt.Kind.REMINDER
    closed = NOW + row.campaign.expires_after_days * DAY

    assert isinstance(read(row, kind=kind, now=closed - SECOND)[0], Mail)
    assert read(row, kind=kind, now=closed) == [Unmailable(row.pk, kind, InvitationReason.TOO_LATE)]
