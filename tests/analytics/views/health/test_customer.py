from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from accounts.models import MonthlyRevenue
from analytics.models import HealthOverride
from tests.analytics.health import DAY, make_scored, publish, tick
from tests.staffing import client_as

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def test_the_page_says_what_the_score_is_made_of_and_why_it_moved(viewer: Client) -> None:
    publish()
    customer = make_scored(10)
    tick(DAY - dt.timedelta(days=7))
    MonthlyRevenue.objects.filter(customer=customer).update(mrr=0)
    tick()

    page = viewer.get(f"/analytics/health/{customer.pk}/").content.decode()

    assert "60.0" in page
    assert "MRR 50 → 0: −20.0" in page
    assert "Nothing to compare with" in page


def test_the_history_is_drawn_and_once_more_by_todays_formula_where_asked(viewer: Client) -> None:
    publish()
    customer = make_scored(10)
    for back in (14, 7, 1, 0):
        tick(DAY - dt.timedelta(days=back))
    url = f"/analytics/health/{customer.pk}/"

    plain, asked = (viewer.get(each).content.decode() for each in (url, f"{url}?today=1"))

    assert plain.count("<polyline") == 1
    assert "By today’s formula" not in plain
    assert "By today’s formula" in asked


def test_cs_sets_a_band_by_hand_and_ends_it() -> None:
    publish()
    customer = make_scored(10)
    tick()
    client = client_as("cs")
    url = f"/analytics/health/{customer.pk}/"

    for until in ("2027-11-01", "2026-11-01", ""):
        bad = client.post(f"{url}override/", {"band": "risk", "reason": "x", "until": until})
        assert bad.status_code == 422
    # In the form's own place htmx wants the form alone, not the page in itself.
    again = client.post(f"{url}override/", {}, headers={"HX-Request": "true"})
    assert again.status_code == 422
    assert "<main" not in again.content.decode()
    assert not HealthOverride.objects.exists()
    client.post(f"{url}override/", {"band": "risk", "reason": "Left", "until": "2026-12-24"})
    assert HealthOverride.objects.get().band == "risk"
    assert "Left" in client.get(url).content.decode()
    client.post(f"{url}override/end/")
    assert HealthOverride.objects.get().ended_at is not None


def test_a_customer_without_a_score_leads_back(viewer: Client) -> None:
    customer = make_scored(10)

    assert viewer.get(f"/analytics/health/{customer.pk}/").status_code == 302
