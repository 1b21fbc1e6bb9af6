from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from analytics.domain.metrics.catalogue import BY_KEY
from analytics.domain.periods import Period
from analytics.queries.filters import Filters
from analytics.reports.metrics.report import MetricReport
from analytics.reports.metrics.rows import MetricRow
from analytics.views.metrics.figures import reservations, scale_of_metric, shown

ROW = MetricRow(
    segment={}, metric="referral_rate", unit="share", value=0.25, low=0.1, high=0.5,
    numerator=3, denominator=12, reportable=True, previous=0.5, change=-0.25, change_low=-0.4,
    change_high=-0.1, change_p_value=0.01, change_significant=True, target=0.2, status="open",
)  # fmt: skip


def test_a_row_is_shown_in_its_unit_with_whisker_change_and_target() -> None:
    found = shown(ROW, BY_KEY["referral_rate"], currency="JPY")

    assert (found.figure.text, found.figure.counted) == ("25.0\u00a0%", "3 of 12")
    assert found.figure.interval == "10.0\u00a0% to 50.0\u00a0%"
    assert found.figure.whisker["whisker"]["start"] == 20
    assert (found.change, found.limits, found.moved) == ("−25.0 points", "−40.0 to −10.0", "fell")
    assert (found.target, found.status) == ("at least 20.0\u00a0%", "open")


@pytest.mark.parametrize(
    ("fields", "moved"),
    [
        ({"change_significant": False}, "chance"),
        ({"change_significant": None}, "few"),
        ({"change_p_value": None}, ""),
        ({"change": 0.2}, "rose"),
    ],
)
def test_a_change_is_called_real_only_where_the_test_holds(
    fields: dict[str, Any], moved: str
) -> None:
    row = replace(ROW, **fields)

    assert shown(row, BY_KEY["referral_rate"], currency="").moved == moved


def test_what_is_not_known_is_a_dash_without_a_whisker() -> None:
    row = replace(ROW, value=None, low=None, high=None, numerator=None, denominator=None,
                  change=None, change_low=None, change_high=None, target=None)  # fmt: skip
    found = shown(row, BY_KEY["referral_rate"], currency="")

    assert (found.figure.text, found.figure.interval, found.figure.counted) == ("–", "", "")
    assert found.figure.whisker == {}
    assert (found.change, found.limits, found.target) == ("", "", "")


def test_of_waits_it_says_how_many_are_open() -> None:
    row = replace(ROW, metric="onboarding_days", unit="days", value=30.0, low=None, high=None)

    assert shown(row, BY_KEY["onboarding_days"], currency="").figure.counted == "12, 9 of them open"


def test_an_interval_that_is_open_on_one_side_says_its_other_end() -> None:
    metric = BY_KEY["onboarding_days"]
    row = replace(ROW, metric=metric.key, unit="days", value=30.0, low=20.0, high=None)

    assert shown(row, metric, currency="").figure.interval == "at least 20 days"
    other = replace(row, low=None, high=40.0)
    assert shown(other, metric, currency="").figure.interval == "at most 40 days"


def test_the_scale_of_a_share_is_the_whole_and_further_where_it_goes_further() -> None:
    beyond = replace(ROW, value=1.1, low=None, high=None)

    assert scale_of_metric([ROW], BY_KEY["grr"]).high == 1
    assert scale_of_metric([beyond], BY_KEY["nrr"]).high == 2
    assert scale_of_metric([ROW], BY_KEY["nps"]).low == -100


def test_reservations_are_about_the_metrics_that_are_shown() -> None:
    filters = Filters(Period(dt.date(2027, 1, 2), dt.date(2027, 1, 20)))

    def said(key: str) -> tuple[bool, bool]:
        report = MetricReport(filters, (replace(ROW, metric=key),))
        found = reservations(report, today=dt.date(2026, 7, 1))
        return found["lies_ahead"], found["no_month_end"]

    assert said("customer_churn_rate") == (True, False)
    assert said("net_revenue_churn_rate") == (False, True)
    assert said("referral_rate") == (False, False)


@pytest.mark.parametrize(
    ("metric", "fields", "too_small"),
    [
        # Revenue has no interval at all where few customers pay.
        ("nrr", {"low": None, "high": None, "reportable": False}, True),
        ("referral_rate", {"reportable": False}, True),
        ("referral_rate", {}, False),
        ("nrr", {"value": None, "low": None, "high": None, "reportable": False}, False),
        # Of what another system sent: many, but nobody knows of how many.
        ("response_rate", {"low": None, "high": None, "reportable": False}, False),
    ],
)
def test_what_too_few_stand_behind_is_marked_with_an_interval_or_without(
    metric: str, fields: dict[str, Any], too_small: bool
) -> None:
    row = replace(ROW, metric=metric, **fields)

    assert shown(row, BY_KEY[metric], currency="").figure.too_small is too_small
