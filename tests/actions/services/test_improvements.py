"""What is done to an improvement is a line of the audit log."""

from __future__ import annotations

import pytest

from accounts.models import AuditEvent
from actions.models import Improvement
from actions.services.improvements import conclude, delete_improvement, save_improvement
from tests.actions.goals import NOW, make_improvement
from tests.analytics import world
from tests.staffing import make_staff

pytestmark = pytest.mark.django_db


def test_each_act_is_written_down_with_who_did_it() -> None:
    by = make_staff("cs")
    row = make_improvement(world.make_dimension("plan"))
    stale = Improvement.objects.get(pk=row.pk)

    row.name = "Gifts"
    save_improvement(row, by=by, now=NOW)
    # One column alone: what somebody changed meanwhile stays.
    conclude(stale, "It helped.", by=by, now=NOW)
    row.refresh_from_db()
    assert (row.name, row.outcome) == ("Gifts", "It helped.")
    delete_improvement(row, by=by, now=NOW)

    assert not Improvement.objects.exists()
    assert list(AuditEvent.objects.order_by("pk").values_list("action", "actor")) == [
        ("improvement.save", by.pk),
        ("improvement.conclude", by.pk),
        ("improvement.delete", by.pk),
    ]
