from __future__ import annotations

import datetime as dt

import pytest

from analytics.views.forms.health import HealthForm, OverrideForm

TODAY = dt.date(2026, 11, 22)


@pytest.mark.parametrize(("days", "valid"), [(-1, False), (0, True), (90, True), (91, False)])
def test_an_override_ends_within_ninety_days(days: int, valid: bool) -> None:
    until = (TODAY + dt.timedelta(days=days)).isoformat()
    form = OverrideForm(
        {"band": "risk", "reason": "x", "until": until}, bands=["risk"], today=TODAY
    )

    assert form.is_valid() is valid


def test_a_band_is_one_of_the_formulas() -> None:
    data = {"band": "other", "reason": "x", "until": str(TODAY)}

    assert not OverrideForm(data, bands=["risk"], today=TODAY).is_valid()
    assert HealthForm({"band": "-"}, bands=["risk"]).chosen() == [("Band", "-")]
