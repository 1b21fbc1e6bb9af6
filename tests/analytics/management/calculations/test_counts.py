"""NPS of counts: beside the reports' own interval the other published ones, if asked for."""

from __future__ import annotations

import pytest

from analytics.domain.statistics.nps.counts import Counts
from tests.analytics.domain.oracles import adjusted_wald_interval, wald_interval
from tests.analytics.management.calculations.calculating import calculate, refused


def test_other_methods_stand_beside_the_reports_one() -> None:
    found = calculate("interval", 8, 13, 15, "--methods")
    counts = Counts(detractors=8, passives=13, promoters=15)

    assert tuple(found["wald"].values()) == pytest.approx(wald_interval(counts))
    assert tuple(found["adjusted_wald"].values()) == pytest.approx(
        adjusted_wald_interval(counts, clip=False)
    )
    assert found["score"] == {"low": found["nps_low"], "high": found["nps_high"]}


def test_shares_of_so_many_answers_are_as_good_as_counts() -> None:
    shares = calculate("interval", 1, 2, 3, "--answers", 60, "--methods")
    counts = calculate("interval", 10, 20, 30, "--methods")

    assert list(shares) == list(counts)
    for name, figure in counts.items():
        assert shares[name] == pytest.approx(figure), name


def test_nobody_and_one_answer() -> None:
    assert calculate("interval", 0, 0, 0, "--methods")["variance"] is None
    assert "trinomial_t" not in calculate("interval", 0, 0, 1, "--methods")
    assert set(calculate("change", 0, 0, 0, 1, 2, 3, "--methods").values()) == {None}
    assert calculate("change", 0, 0, 9, 0, 0, 9, "--methods")["wald"]["p_value"] is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["interval", 1.5, 2, 3], "whole numbers"),
        (["interval", 1, 2, 3, "--answers", 0], "--answers"),
        (["interval", 0, 0, 0, "--answers", 5], "15 30 55"),
        (["change", 1, 2, 3, 1, 2, 3.5], "whole numbers"),
        (["sample_size", 1, 2, 3, "--power", 1], "between 0 and 1"),
    ],
)
def test_what_cannot_be_counted_is_refused(words, said) -> None:
    assert said in refused(*words)
