"""From scores to the counts and values that NPS is made of.

The thresholds belong to `surveys.domain.answers.scoring`; here they are lookups for whole columns.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.domain.statistics.nps.counts import Counts
from surveys.domain.answers.scoring import SCORE_MAX, SCORE_MIN, SCORES, Category, category

_CATEGORY_BY_SCORE: NDArray[np.object_] = np.array(
    [str(category(score)) for score in SCORES], dtype=object
)
_COLUMN_BY_CATEGORY = {
    "detractors": Category.DETRACTOR,
    "passives": Category.PASSIVE,
    "promoters": Category.PROMOTER,
}
COUNT_COLUMNS = list(_COLUMN_BY_CATEGORY)
# By score: 1 where it is of the category.
CATEGORY_COUNTS = {
    column: np.array([category(score) == wanted for score in SCORES], dtype=np.int32)
    for column, wanted in _COLUMN_BY_CATEGORY.items()
}

_PLACE_BY_SCORE = np.array(
    [list(_COLUMN_BY_CATEGORY.values()).index(category(score)) for score in SCORES]
)


def categories_of_scores(scores: NDArray[np.int64]) -> NDArray[np.int64]:
    """The place of each score's category in COUNT_COLUMNS."""
    return _PLACE_BY_SCORE[scores].astype(np.int64)


def categories_of(scores: pd.Series) -> NDArray[np.object_]:
    return _CATEGORY_BY_SCORE[_checked(scores)]


def count_categories(cells: pd.DataFrame) -> Counts:
    """`cells` has `score` and `count`; any other columns are summed over."""
    categories = categories_of(cells["score"])
    count = cells["count"].to_numpy(dtype=np.int64)
    return Counts(
        **{
            column: int(count[categories == wanted].sum())
            for column, wanted in _COLUMN_BY_CATEGORY.items()
        }
    )


def _checked(scores: pd.Series) -> NDArray[np.int64]:
    """A score of 8.5, 11 or nothing must not slip into a category."""
    given = np.asarray(scores, dtype=np.float64)
    whole = (
        np.isfinite(given)
        & (given == np.floor(given))
        & (given >= SCORE_MIN)
        & (given <= SCORE_MAX)
    )
    if not whole.all():
        wrong = given[~whole][0]
        raise ValueError(
            f"A score is a whole number from {SCORE_MIN} to {SCORE_MAX}, not {wrong:g}."
        )
    return given.astype(np.int64)
