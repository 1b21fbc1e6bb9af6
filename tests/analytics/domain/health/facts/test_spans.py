from __future__ import annotations

import numpy as np

from analytics.domain.health.facts.spans import Spans


def test_what_is_open_is_counted_from_its_first_day_to_the_one_before_its_end() -> None:
    spans = Spans(3, np.array([0, 0, 2]), np.array([10, 12, 10]), np.array([14, 20, 11]))

    assert [list(spans.open_on(day)) for day in (10, 12, 14, 20)] == [
        [1, 0, 1], [2, 0, 0], [1, 0, 0], [0, 0, 0],
    ]  # fmt: skip
    assert np.isnan(spans.open_on(9)).all()
    assert not spans.is_empty


def test_without_any_nothing_is_known() -> None:
    none = np.array([], dtype=np.int64)
    spans = Spans(2, none, none, none)

    assert spans.is_empty
    assert np.isnan(spans.open_on(5)).all()
