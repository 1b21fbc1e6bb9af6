"""The evidence of rows of the database against a loop over them."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from analytics.domain.periods import Period
from analytics.exports.files import as_csv, as_json
from analytics.reports.health.evidence import evidence_report
from tests.analytics.health import make_scored, publish

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 22)
FIRST = dt.date(2026, 11, 1)


def lose(number: int) -> None:
    """Customers that answer 0 to 4 leave after the tenth day; as many that answer 4 to 8 stay."""
    for place in range(number):
        make_scored(place % 5, churned_on=FIRST + dt.timedelta(days=10))
        make_scored(place % 5 + 4)


def found(number: int, **options: int) -> dict:
    publish()
    lose(number)
    options = {"horizon_days": 10, "every_days": 7} | options
    report = evidence_report(Period(FIRST, TODAY), today=TODAY, **options)
    as_csv(report)
    return json.loads(as_json(report))


def test_pairs_of_two_days_by_hand() -> None:
    said = found(20)

    # Followed to the last answer or loss: of November 1 and 8 only the first has its horizon.
    assert (said["days"], said["observations"], said["churned"]) == (1, 40, 20)
    score = {row["name"]: row for row in said["predictors"]}["score"]
    # 25 pairs of scores, each 16 times: one tie (4 and 4), all others right.
    assert score["auc"] == pytest.approx((24 + 0.5) / 25)
    assert score["auc_low"] <= score["auc"] <= score["auc_high"]
    assert [row["band"] for row in said["bands"]] == ["good", "watch", "risk"]
    assert said["withheld"] is None
    assert said["lift_worst_tenth"] == pytest.approx(2)
    assert said["imported_history"] is True


def test_few_losses_are_withheld_with_a_sentence() -> None:
    said = found(19)

    assert said["withheld"] == "Only 19 customers left within the horizon: under 20 chance decides."
    assert {row["auc"] for row in said["predictors"]} == {None}


def test_days_that_are_not_followed_long_enough_are_counted() -> None:
    said = found(20, horizon_days=60)

    assert (said["days"], said["observations"]) == (0, 0)
    assert said["left_out"] > 0
