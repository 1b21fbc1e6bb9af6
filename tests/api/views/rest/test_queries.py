from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from api.domain.problems import Code, Problem
from api.views.rest.queries import Answers, Evidence, Span


def test_a_span_is_the_last_year_where_nothing_is_said() -> None:
    assert 365 <= Span().period.days <= 397
    found = Span(**{"from": "2026-01-01", "to": "2026-01-31"}).period
    assert (found.start, found.last_day) == (dt.date(2026, 1, 1), dt.date(2026, 1, 31))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"from": "2026-02-01", "to": "2026-01-01"}, "to"),
        ({"from": "1800-01-01"}, "from"),
        ({"to": "2999-01-01"}, "to"),
        ({"from": "1901-01-01", "to": "2026-01-01"}, "to"),
    ],
)
def test_a_span_that_is_none_names_its_end(given: dict[str, Any], field: str) -> None:
    with pytest.raises(Problem) as caught:
        _ = Span(**given).period
    assert (caught.value.code, caught.value.errors[0].field) == (Code.REFUSED, field)


def test_only_so_many_days_are_scored_in_one_request() -> None:
    year = {"from": "2025-01-01", "to": "2025-12-31"}
    assert Evidence(**year, every="7").observed.days == 365
    with pytest.raises(Problem):
        _ = Evidence(**{**year, "from": "2021-01-01"}, every="7").observed


def test_a_condition_that_is_none_is_not_there() -> None:
    assert Answers(where=["plan=pro", "plan=basic"]).conditions == {"plan": ["pro", "basic"]}
    with pytest.raises(Problem) as caught:
        _ = Answers(where=["plan"]).conditions
    assert caught.value.code is Code.NOT_FOUND
