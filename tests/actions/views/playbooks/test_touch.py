from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import AuditEvent, Dimension
from accounts.services.dimensions import uses_of
from actions.domain.playbooks.touch import RANKS
from actions.models import TouchTable
from tests.staffing import client_as
from tests.world import make_customer

pytestmark = pytest.mark.django_db
CELLS = {f"cell-{place}-{rank}": "low" for place in range(3) for rank in RANKS}
SENT = {"basis": "mrr", "medium_from": "100", "large_from": "500", **CELLS}


def test_the_table_is_saved_once_and_changed_in_its_place() -> None:
    admin, url = client_as("admin"), reverse("actions:touch")
    assert "No table has been saved" in admin.get(url).content.decode()
    assert not TouchTable.objects.exists()

    for touch in ("low", "high"):
        sent = {**SENT, "cell-2-worst": touch}
        assert admin.post(url, sent).status_code == 302
    table = TouchTable.objects.get()
    assert (int(table.large_from), table.cells["worst:large"], len(table.cells)) == (500, "high", 9)
    assert AuditEvent.objects.filter(action="touch.table").count() == 2


@pytest.mark.parametrize(
    "wrong", [{"large_from": "100"}, {"medium_from": ""}, {"cell-0-best": "none"}]
)
def test_what_is_no_table_is_refused(wrong: dict[str, str]) -> None:
    refused = client_as("admin").post(reverse("actions:touch"), SENT | wrong)

    assert refused.status_code == 422
    assert not TouchTable.objects.exists()


def test_a_segment_has_a_row_per_value_and_is_then_in_use() -> None:
    dimension = Dimension.objects.create(name="plan", source="customer", attribute="plan")
    make_customer(attributes={"plan": "gold"})
    admin, url, basis = client_as("admin"), reverse("actions:touch"), f"segment:{dimension.pk}"

    assert "gold" in admin.get(url, {"basis": basis}).content.decode()
    sent = {"basis": basis, **{f"cell-0-{rank}": "tech" for rank in RANKS}}
    assert admin.post(url, sent).status_code == 302
    assert [use.values for use in uses_of(dimension)] == [("gold",)]
