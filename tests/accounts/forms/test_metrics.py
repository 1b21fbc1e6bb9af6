from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from accounts.forms.metrics import MetricSettingsForm
from accounts.models import Measure, MetricSettings

pytestmark = pytest.mark.django_db

GOOD = {"onboarding_days": "60", "margin": "80", "discount": "10"}


def errors(**given: Any) -> dict[str, list[str]]:
    form = MetricSettingsForm(GOOD | given, settings=MetricSettings())
    return {name: list(found) for name, found in form.errors.items()}


def test_shares_are_per_cent_in_the_form_and_fractions_in_the_row() -> None:
    logins = Measure.objects.create(key="logins")
    given = GOOD | {"engagement_measure": str(logins.pk), "engagement_from": "0.2"}
    form = MetricSettingsForm(given, settings=MetricSettings())

    assert form.is_valid(), form.errors
    found = form.wanted()

    assert (found.onboarding_days, found.margin) == (60, Decimal("0.8"))
    assert (found.discount, found.engagement_from) == (Decimal("0.1"), Decimal("0.2"))
    assert found.engagement_measure == logins
    shown = MetricSettingsForm(settings=found)
    assert [shown[name].value() for name in ("margin", "discount")] == ["80", "10"]


def test_what_cannot_be_is_refused_with_the_field() -> None:
    logins = Measure.objects.create(key="logins")

    assert set(errors(onboarding_days="0", margin="0", discount="100")) == {
        "onboarding_days",
        "margin",
        "discount",
    }
    assert set(errors(engagement_measure=str(logins.pk))) == {"engagement_from"}
    assert set(errors(engagement_from="1")) == {"engagement_measure"}
    assert set(errors(engagement_measure=str(logins.pk), engagement_from="0")) == {
        "engagement_from"
    }
    assert errors() == {}
