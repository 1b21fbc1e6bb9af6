from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import Dimension
from actions.queries.rules.key_persons import key_choices, key_label, key_persons
from tests.world import make_respondent

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 24)


def test_a_key_person_has_the_value_of_a_column_an_attribute_or_a_band() -> None:
    for name, fields in {
        "role": {}, "power": {}, "rank": {"bands": {"thresholds": ["5"], "labels": ["low", "high"]}}
    }.items():  # fmt: skip
        attribute = "power" if name == "rank" else name
        Dimension.objects.create(name=name, source="respondent", attribute=attribute, **fields)
    buyer = make_respondent(role="buyer", attributes={"power": "7"})
    make_respondent(role="user", attributes={"power": "3"})

    for key in ("role=buyer", "power=7", "rank=high"):
        assert key_persons(key) == {buyer.pk}
    assert [key_persons(key) for key in ("", "role=", "gone=x", "rank=none")] == [set()] * 4


def test_choices_are_what_occurs_and_what_was_chosen() -> None:
    Dimension.objects.create(name="role", source="respondent", attribute="role", label="Role")
    Dimension.objects.create(name="plan", source="customer", attribute="plan")
    make_respondent(role="buyer")

    assert [key for key, _ in key_choices(kept="role=chief", day=DAY)] == [
        "role=buyer", "role=chief"
    ]  # fmt: skip
    assert key_choices(kept="gone=x", day=DAY) == [("role=buyer", key_label("role=buyer"))]
    assert key_label("role=buyer").startswith("Role: ")
