from __future__ import annotations

import numpy as np
import pytest

from analytics.domain.health.evidence.proof import MIN_CHURNED, prove
from tests.analytics.domain.health.evidence.worlds import drawn
from tests.analytics.domain.health.formulas.made import formula_of

FORMULA = formula_of({"key": "signal"}, {"key": "noise"})


def test_the_score_stands_beside_its_parts() -> None:
    rows = drawn(500, 6)

    found = prove(rows, formulas=[FORMULA], customers=500, left_out=7)

    assert [each.name for each in found.predictors] == [
        "score", "signal", "noise", "nps_last", "mrr", "tenure_months",
    ]  # fmt: skip
    aucs = {each.name: each.auc for each in found.predictors}
    assert aucs["nps_last"] is None
    assert (aucs["signal"] or 0) > (aucs["score"] or 0) > (aucs["noise"] or 0)
    below = next(each for each in found.predictors if each.name == "signal").below_score
    assert below is not None
    assert below.high < 0
    assert (found.days, found.customers, found.observations) == (6, 500, 3000)
    assert (found.churned, found.left_out) == (int(rows.left.sum()), 7)


def test_bands_have_their_share_with_an_interval_by_customers() -> None:
    rows = drawn(500, 6)

    found = prove(rows, formulas=[FORMULA], customers=500, left_out=0)

    assert [each.name for each in found.bands] == ["good", "watch", "risk"]
    rates = [each.churn_rate for each in found.bands]
    assert rates == sorted(rates, key=lambda rate: rate or 0)
    for place, band in enumerate(found.bands):
        inside = rows.bands == place
        assert band.churn_rate == pytest.approx(rows.left[inside].mean())
        assert band.limits is not None
        assert band.limits.low < (band.churn_rate or 0) < band.limits.high
    assert sum(each.observations for each in found.tenths) == len(rows)


def test_few_losses_are_withheld_but_counted() -> None:
    rows = drawn(300, 6, rate=0.0001, slope=0)
    rows.left[:] = False
    # One customer fewer than are asked for, each of them on every day.
    rows.left[rows.customers < MIN_CHURNED - 1] = True

    found = prove(rows, formulas=[FORMULA], customers=300, left_out=0)

    assert (found.withheld, found.churned_customers) == (True, MIN_CHURNED - 1)
    assert {each.auc for each in found.predictors} == {None}
    assert {each.churn_rate for each in (*found.bands, *found.tenths)} == {None}
    assert (found.recall_worst_tenth, found.drafts) == (None, ())
    assert found.score.observations == len(rows)


def test_the_draft_is_fitted_on_the_earlier_days_and_judged_on_the_later() -> None:
    rows = drawn(500, 6, slope=4)

    (draft,) = prove(rows, formulas=[FORMULA], customers=500, left_out=0).drafts

    assert dict(draft.weights)["signal"] >= 80
    assert draft.auc is not None
    assert draft.auc_now is not None
    assert draft.auc > draft.auc_now
    # What happened on the later days cannot move the weights.
    turned = drawn(500, 6, slope=4)
    turned.left[turned.days >= 4] = np.roll(turned.left[turned.days >= 4], 1)
    assert prove(turned, formulas=[FORMULA], customers=500, left_out=0).drafts[0].weights == (
        draft.weights
    )


def test_nobody_observed_is_withheld() -> None:
    rows = drawn(0, 0)

    found = prove(rows, formulas=[FORMULA], customers=0, left_out=3)

    assert (found.withheld, found.observations, found.left_out) == (True, 0, 3)
