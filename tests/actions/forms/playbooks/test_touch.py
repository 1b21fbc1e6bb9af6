from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from accounts.models import Dimension
from actions.domain.playbooks.touch import RANKS
from actions.forms.playbooks.touch import BasisForm, TouchForm
from actions.models import TouchTable

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 24)


def test_sizes_can_be_read_of_mrr_seats_and_segments_of_customers() -> None:
    mine = Dimension.objects.create(name="plan", source="customer", attribute="plan")
    Dimension.objects.create(name="role", source="respondent", attribute="role")

    field: Any = BasisForm(chosen="mrr").fields["basis"]
    choices = [value for value, _ in field.choices]
    assert choices == ["mrr", "seats", f"segment:{mine.pk}"]


def test_a_form_begins_with_what_is_usual_and_writes_the_cells() -> None:
    cells = {f"cell-{place}-{rank}": "tech" for place in range(3) for rank in RANKS}
    shown = TouchForm(table=TouchTable(basis="seats"), today=TODAY)
    assert shown["cell-2-worst"].initial == "high"

    sent = {"medium_from": "20", "large_from": "200.50", **cells}
    form = TouchForm(sent, table=TouchTable(basis="seats"), today=TODAY)
    assert form.is_valid()
    table = form.filled()
    assert (float(table.large_from), table.cells["best:small"]) == (200.5, "tech")


def test_a_segment_that_nobody_is_in_makes_no_table() -> None:
    dimension = Dimension.objects.create(name="plan", source="customer", attribute="plan")
    form = TouchForm({}, table=TouchTable(basis="segment", dimension=dimension), today=TODAY)

    assert "medium_from" not in form.fields
    assert not form.is_valid()
