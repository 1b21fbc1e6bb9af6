from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction

from accounts.models import Customer, CustomerVersion
from accounts.services.imports.undo.journal import (
    Entry,
    NotTakenBack,
    difference,
    image,
    take_back,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DAY = dt.date(2026, 10, 1)


def noted() -> list[Entry]:
    """One customer made with a version, one changed, one deleted."""
    Customer.objects.create(customer_id="C1", name="One", started_on=DAY, attributes={"plan": "a"})
    Customer.objects.create(customer_id="C2", name="Two", seats=3)
    touched = [Customer.objects.all(), CustomerVersion.objects.all()]
    before = image(touched)
    Customer.objects.filter(customer_id="C1").update(name="", started_on=None, attributes={})
    Customer.objects.filter(customer_id="C2").delete()
    made = Customer.objects.create(customer_id="C3")
    CustomerVersion.objects.create(customer=made, known_from=DAY, attributes={})
    return difference(before, image(touched))


def test_a_batch_is_taken_back_to_the_last_microsecond() -> None:
    with transaction.atomic():
        entries = noted()
    old = {each.before[2]: each.before for each in entries if each.before}

    with transaction.atomic():
        take_back(entries)

    assert [(each.customer_id, each.name) for each in Customer.objects.all()] == [
        ("C1", "One"),
        ("C2", "Two"),
    ]
    first = Customer.objects.get(customer_id="C1")
    assert (first.started_on, first.attributes) == (DAY, {"plan": "a"})
    assert first.updated_at.isoformat() in old["One"]
    assert not CustomerVersion.objects.exists()


def test_nothing_is_taken_back_where_a_row_is_as_nobody_left_it() -> None:
    with transaction.atomic():
        entries = noted()
    Customer.objects.filter(customer_id="C1").update(name="Later")

    with pytest.raises(NotTakenBack, match="customer Later was changed"), transaction.atomic():
        take_back(entries)

    assert Customer.objects.filter(customer_id="C3").exists()


def test_a_made_row_that_is_gone_by_itself_stands_in_nobodys_way() -> None:
    with transaction.atomic():
        entries = noted()
    Customer.objects.filter(customer_id="C3").delete()

    with transaction.atomic():
        take_back(entries)

    assert Customer.objects.count() == 2
