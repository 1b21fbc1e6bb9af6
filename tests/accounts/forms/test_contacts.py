from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from accounts.forms.contacts import ContactForm, PulseForm
from tests.world import NOW, make_customer, make_respondent

pytestmark = pytest.mark.django_db


def form(*, at: dt.datetime, **fields: object) -> ContactForm:
    moment = f"{timezone.localtime(at):%Y-%m-%dT%H:%M}"
    data = {"channel": "call", "at": moment, "note": "x", "ref": uuid.uuid4(), **fields}
    return ContactForm(data, customer=make_customer(), now=NOW)


def test_clocks_may_differ_by_minutes_and_nothing_is_written_of_the_future() -> None:
    ahead = form(at=NOW + dt.timedelta(minutes=3))
    assert ahead.is_valid()
    assert ahead.cleaned_data["at"] == NOW

    assert not form(at=NOW + dt.timedelta(minutes=10)).is_valid()


def test_only_the_customers_own_respondents_are_offered() -> None:
    respondent = make_respondent()
    make_respondent()

    offered = ContactForm(customer=respondent.customer, now=NOW).fields["respondent"]

    assert list(offered.queryset) == [respondent]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("value", "valid"), [("0", True), ("10", True), ("11", False), ("", False)]
)
def test_a_pulse_is_from_0_to_10(value: str, valid: bool) -> None:
    assert PulseForm({"value": value, "reason": "x"}).is_valid() is valid
