from __future__ import annotations

import pytest

from tests.analytics.reports.metrics.test_report import report, row
from tests.analytics.world import give_satisfaction, make_dimension, satisfaction_campaign

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
BOTH = ["--metric", "csat", "--metric", "csat_mean"]


def test_csat_is_that_of_its_own_report_by_segment_and_against_the_quarter_before() -> None:
    make_dimension("plan")
    campaign = satisfaction_campaign()
    give_satisfaction(campaign, *[5] * 6, *[4] * 3, *[1] * 3, plan="a")
    give_satisfaction(campaign, *[3] * 12, plan="b")
    give_satisfaction(campaign, *[1] * 12, plan="a", at="2026-02-02T12:00+00:00")

    found = report("--by", "plan", "--compare", "previous", *BOTH)

    total, mean = row(found, "csat"), row(found, "csat_mean")
    assert (total["numerator"], total["denominator"], total["value"]) == (9, 24, 9 / 24)
    assert 0.2 < total["low"] < 9 / 24 < total["high"] < 0.6
    assert (total["previous"], total["change_significant"]) == (0, True)
    assert (mean["unit"], mean["numerator"], mean["denominator"]) == ("points", None, 24)
    assert mean["value"] == pytest.approx((30 + 12 + 3 + 36) / 24)
    assert mean["low"] == pytest.approx(mean["value"] - 0.56, abs=0.1)
    assert mean["previous"] == 1
    assert row(found, "csat", plan="a")["value"] == 0.75
    assert row(found, "csat_mean", plan="b")["value"] == 3


def test_what_nobody_asks_is_unknown_and_what_nobody_answered_is_of_nobody() -> None:
    unasked = row(report(*BOTH), "csat")
    satisfaction_campaign()

    assert unasked["denominator"] is None
    assert [row(report(*BOTH), key)["denominator"] for key in ("csat", "csat_mean")] == [0, 0]
