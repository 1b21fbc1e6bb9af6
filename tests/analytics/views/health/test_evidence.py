from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from tests.analytics.health import make_scored, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
URL = "/analytics/health/evidence/?preset=custom&from=2026-11-01&to=2026-11-20&every=7&horizon=30"


def test_few_losses_are_said_and_nothing_is_drawn(viewer: Client) -> None:
    publish()
    make_scored(3, churned_on=dt.date(2026, 11, 20))

    page = viewer.get(URL)

    assert page.status_code == 200
    assert "under 20 chance decides" in page.content.decode()
    assert 'id="predictors"' not in page.content.decode()


def test_without_a_formula_it_says_so(viewer: Client) -> None:
    page = viewer.get(URL)

    assert page.status_code == 200
    assert "No health formula is published yet." in page.content.decode()


def test_enough_losses_are_drawn_with_a_sentence(viewer: Client) -> None:
    publish()
    for place in range(25):
        make_scored(place % 4, churned_on=dt.date(2026, 11, 3))
        make_scored(place % 4 + 5, churned_on=dt.date(2026, 12, 20) if not place else None)

    # Of November 1 the 30 days end on December 1: known by the latest loss.
    page = viewer.get(URL.replace("horizon=30", "horizon=30")).content.decode()

    assert "observation days" in page
