from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.models import AuditEvent, Target
from accounts.services.targets import save_targets
from tests.staffing import make_staff
from tests.world import NOW

pytestmark = pytest.mark.django_db


def stored() -> dict[str, Decimal]:
    return dict(Target.objects.values_list("metric", "value"))


def events() -> list[tuple[str, str, dict[str, str]]]:
    rows = AuditEvent.objects.order_by("pk")
    return [(each.action, each.target, each.detail) for each in rows]


def test_only_what_changes_is_written_down() -> None:
    admin = make_staff("admin")

    def save(**wanted: str) -> int:
        values = {name: Decimal(value) for name, value in wanted.items()}
        return save_targets(dict.fromkeys(("nps", "grr")) | values, by=admin, now=NOW)

    assert save(nps="20", grr="0.9") == 2
    assert save(nps="-5", grr="0.90000") == 1
    assert save(nps="-5.0") == 1
    assert save(nps="-5") == 0

    assert stored() == {"nps": Decimal(-5)}
    assert events()[2:] == [
        ("target.update", "nps", {"before": "20", "after": "-5"}),
        ("target.update", "grr", {"before": "0.9", "after": ""}),
    ]


def test_a_figure_that_is_not_spoken_of_keeps_its_target() -> None:
    admin = make_staff("admin")
    save_targets({"nps": Decimal(100)}, by=admin, now=NOW)

    save_targets({"nrr": Decimal("1.05")}, by=admin, now=NOW)

    assert stored() == {"nps": Decimal(100), "nrr": Decimal("1.05")}
    assert events()[0] == ("target.update", "nps", {"before": "", "after": "100"})
    assert set(AuditEvent.objects.values_list("actor", "at")) == {(admin.pk, NOW)}
