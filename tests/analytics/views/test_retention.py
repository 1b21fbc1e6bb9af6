from __future__ import annotations

import pytest
from django.test import Client

from tests.analytics import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def test_long_history_of_cohorts_is_drawn(viewer: Client) -> None:
    for year in range(2016, 2026):
        for month in range(1, 13):
            world.make_customer(started_on=f"{year}-{month:02}-01")

    page = viewer.get("/analytics/retention/?preset=custom&from=2016-01-01&to=2025-12-31")

    assert page.status_code == 200
    assert page.content.count(b"2016-01") > 1
