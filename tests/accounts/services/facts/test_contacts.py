from __future__ import annotations

import datetime as dt

import pytest

from accounts.domain.facts.contacts import Channel
from accounts.models import AuditEvent, Event, Pulse
from accounts.services.facts.contacts import write_contact, write_pulse
from tests.staffing import make_staff
from tests.world import NOW, make_customer, make_respondent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_a_contact_is_an_event_with_its_channel_and_its_writer() -> None:
    respondent = make_respondent(email="A@x.example")
    by = make_staff("cs")

    def write(ref: str) -> bool:
        return write_contact(
            respondent.customer, Channel.CALL, at=NOW - dt.timedelta(hours=1), note="renews",
            respondent=respondent, ref=ref, by=by, now=NOW,
        )  # fmt: skip

    assert (write("koe-1"), write("koe-1"), write("koe-2")) == (True, False, True)
    first = Event.objects.get(ref="koe-1")
    assert (first.kind, first.channel, first.note) == ("contacted", "call", "renews")
    assert (first.respondent, first.email) == (respondent, "A@x.example")
    assert (first.mail_key, first.created_by) == (respondent.person.mail_key, by)
    assert AuditEvent.objects.filter(action="contact.write", actor=by).count() == 2


def test_a_pulse_is_kept_with_its_reason_and_recorded_without_it() -> None:
    customer, by = make_customer(), make_staff("cs")

    write_pulse(customer, 3, reason="went silent", by=by, now=NOW)

    row = Pulse.objects.get()
    assert (row.customer, row.value, row.reason, row.at) == (customer, 3, "went silent", NOW)
    event = AuditEvent.objects.get(action="pulse.write")
    assert event.detail == {"value": 3}
