from __future__ import annotations

import math

import pandas as pd
import pytest

from analytics.domain.answers.scores import (
    CATEGORY_COUNTS,
    categories_of,
    count_categories,
)
from analytics.domain.statistics.nps.counts import Counts


def test_every_score_has_its_category_and_value():
    scores = pd.Series(range(11))

    assert list(categories_of(scores)) == ["detractor"] * 7 + ["passive"] * 2 + ["promoter"] * 2
    values = CATEGORY_COUNTS["promoters"] - CATEGORY_COUNTS["detractors"]
    assert list(values) == [-1] * 7 + [0] * 2 + [1] * 2


@pytest.mark.parametrize("wrong", [11, -1, 8.5, math.nan])
def test_what_is_no_score_falls_into_no_category(wrong):
    with pytest.raises(ValueError, match="whole number from 0 to 10"):
        categories_of(pd.Series([9, wrong]))


def test_counts_add_up_over_cells():
    cells = pd.DataFrame({"score": [0, 6, 7, 8, 9, 10], "count": [1, 2, 3, 4, 5, 6]})

    assert count_categories(cells) == Counts(detractors=3, passives=7, promoters=11)
    assert count_categories(cells.iloc[:0]) == Counts()
