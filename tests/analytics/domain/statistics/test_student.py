from __future__ import annotations

import pytest
from scipy import stats

from analytics.domain.statistics.student import t_quantile


def test_quantiles_equal_those_of_scipy():
    for confidence in (0.90, 0.95, 0.99):
        for freedom in (1, 2, 3, 4, 9, 30, 99, 199, 200, 201, 250, 1_000, 1_000_000):
            exact = stats.t.ppf((1 + confidence) / 2, freedom)
            assert t_quantile(confidence, freedom=freedom) == pytest.approx(exact, rel=2e-11)


def test_published_quantiles():
    assert t_quantile(0.95, freedom=1) == pytest.approx(12.706205, abs=5e-7)
    assert t_quantile(0.95, freedom=9) == pytest.approx(2.262157, abs=5e-7)
