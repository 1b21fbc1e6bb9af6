from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import AuditEvent, ScheduledImport, StaffUser
from accounts.services.imports.remote import scheduled
from accounts.services.imports.remote.fetching import due_fetches
from common.secrets.sealing import unseal
from tests.accounts.services.imports.scheduling import schedule
from tests.staffing import make_staff
from tests.world import NOW

pytestmark = pytest.mark.django_db
URL = "https://example.com/export?token=abcdefgh"


@pytest.fixture
def staff() -> StaffUser:
    return make_staff("cs")


def test_neither_address_nor_password_stands_in_the_database(staff: StaffUser) -> None:
    row = schedule(staff, URL, secret="Kodama-27")

    stored = str(ScheduledImport.objects.values().get())
    assert "token" not in stored
    assert "Kodama" not in stored
    assert (unseal(row.sealed_url), unseal(row.sealed_secret)) == (URL, "Kodama-27")
    event = AuditEvent.objects.get(action="schedule.save")
    assert event.detail == {"kind": "customers", "new_address": True, "new_secret": True}


def test_an_edit_keeps_what_was_not_entered_and_forgets_the_file_of_another_address(
    staff: StaffUser,
) -> None:
    row = schedule(staff, URL, secret="Kodama-27")
    row.digest = "of the last file"

    scheduled.save(row, url="", secret=None, by=staff, now=NOW)
    assert (unseal(row.sealed_secret), row.digest) == ("Kodama-27", "of the last file")

    scheduled.save(row, url=URL + "2", secret="", by=staff, now=NOW)
    assert (row.sealed_secret, row.digest) == ("", "")


def test_what_is_switched_off_is_not_fetched_also_by_hand(staff: StaffUser) -> None:
    row = schedule(staff, URL)
    later = NOW + dt.timedelta(days=2)
    assert due_fetches(now=later) == [row.pk]
    assert due_fetches(now=NOW) == []
    assert scheduled.fetch_now(row, now=NOW)
    assert due_fetches(now=NOW) == [row.pk]

    scheduled.switch(row, on=False, by=staff, now=NOW)

    assert due_fetches(now=later) == []
    assert not scheduled.fetch_now(row, now=NOW)
    scheduled.delete(row, by=staff, now=NOW)
    assert AuditEvent.objects.filter(action__startswith="schedule.").count() == 3
