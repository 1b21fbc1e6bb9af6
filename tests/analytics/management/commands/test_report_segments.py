"""The segment report on the command line."""

from __future__ import annotations

import json

import pytest

from tests.analytics.management.commanding import PERIOD, run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_customer")]


def test_where_compare_campaign_and_language_reach_the_report() -> None:
    found = json.loads(
        run("report_segments", "--by", "plan", *PERIOD, "--where", "plan==1+1, gold",
            "--campaign", "spring", "--language", "en", "--compare", "previous")
    )  # fmt: skip

    assert (found["total"]["responses"], found["total"]["nps_previous"]) == (3, None)
    nobody = json.loads(run("report_segments", "--by", "plan", *PERIOD, "--language", "ja"))
    assert nobody["total"]["responses"] == 0
