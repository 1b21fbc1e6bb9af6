from __future__ import annotations

import pytest

from accounts.models import AuditEvent
from actions.services.follow_ups.decisions import open_by_hand
from actions.services.follow_ups.work import Stale
from api.services.rest.following_up import change, staff_by_email
from tests.api.calling import make_key
from tests.staffing import make_staff
from tests.world import NOW, make_customer

pytestmark = pytest.mark.django_db


def test_a_program_acts_for_whoever_owns_it_and_the_audit_log_names_its_key() -> None:
    owner, key = make_staff("cs", "sam@koe.example"), make_key(name="CRM")[0]
    found = open_by_hand(make_customer(), owner=owner, text="Call.", by=owner, now=NOW)
    closed = {"state": "closed", "root_cause": "price", "outcome": "x", "contacted": True}

    change(found, closed, seen=1, key=key, now=NOW)
    found.refresh_from_db()
    assert (found.state, found.first_contact_at) == ("closed", NOW)
    assert AuditEvent.objects.get(action="api.write").detail["name"] == "CRM"
    with pytest.raises(Stale):
        change(found, {"state": "waiting", "until": NOW.date(), "reason": "x"}, seen=2, key=key,
               now=NOW)  # fmt: skip


def test_who_has_left_owns_nothing() -> None:
    make_staff("cs", "gone@koe.example", is_active=False)

    assert staff_by_email("gone@koe.example") is None
    assert staff_by_email("") is None
