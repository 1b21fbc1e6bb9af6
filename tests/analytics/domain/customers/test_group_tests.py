"""Whether the answering groups churn alike; statsmodels as the oracle."""

from __future__ import annotations

import pytest
from statsmodels.duration.survfunc import survdiff
from statsmodels.stats.multitest import multipletests

from analytics.domain.customers.follow_up import follow_up
from tests.analytics.domain.customers.asked import LAST_KNOWN, frame, leaving, report, row


def test_log_rank_is_over_the_answering_groups_only():
    promoters = [*leaving(5, 9, first=60), *[row(9)] * 45]
    passives = [*leaving(9, 8, first=50), *[row(8)] * 21]
    detractors = [*leaving(20, 2), *[row(2)] * 20]
    silent = [*leaving(50, None), row()]
    found = report(*promoters, *passives, *detractors, *silent)
    followed = follow_up(frame(*promoters, *passives, *detractors), last_known=LAST_KNOWN)
    _, p_value = survdiff(
        followed["days"].to_numpy(dtype=float),
        followed["churned"].to_numpy(),
        followed["group"].to_numpy(dtype=str),
    )

    assert found.log_rank_p_value == pytest.approx(p_value, rel=1e-9)


def test_log_rank_is_withheld_where_too_few_churned():
    assert report(*leaving(4, 2), *[row(9)] * 50).log_rank_p_value is None
    assert report(*leaving(5, 2), *[row(9)] * 50).log_rank_p_value is not None


def pairs_of(*rows):
    return {(pair.group, pair.against): pair for pair in report(*rows).pairs}


def test_each_pair_of_answering_groups_is_tested_and_corrected_by_holm():
    rows = [
        *leaving(6, 9, step=9), *[row(9)] * 34,
        *leaving(9, 7, step=7), *[row(7)] * 21,
        *leaving(24, 2, step=3), *[row(2)] * 6,
        *leaving(30, None),
    ]  # fmt: skip
    found = pairs_of(*rows)
    followed = follow_up(frame(*rows), last_known=LAST_KNOWN)
    p_values = []
    for names in found:
        chosen = followed[followed["group"].isin(names)]
        columns = (chosen[name].to_numpy() for name in ("days", "churned", "group"))
        p_values.append(survdiff(*columns)[1])

    assert list(found) == [
        ("promoter", "passive"), ("promoter", "detractor"), ("passive", "detractor"),
    ]  # fmt: skip
    assert [pair.p_value for pair in found.values()] == pytest.approx(p_values)
    assert [pair.p_adjusted for pair in found.values()] == pytest.approx(
        multipletests(p_values, method="holm")[1].tolist()
    )
    assert [pair.significant for pair in found.values()] == [False, True, True]


def test_a_pair_with_a_small_group_or_hardly_any_churn_is_not_tested():
    few_passives = [*[row(7)] * 3, *leaving(6, 7)]
    promoters, detractors = [*leaving(3, 9), *[row(9)] * 20], [*leaving(9, 2), *[row(2)] * 20]
    quiet = [*[row(7)] * 10, *leaving(1, 7)]

    assert list(pairs_of(*promoters, *detractors, *few_passives)) == [("promoter", "detractor")]
    assert list(pairs_of(*promoters, *detractors, *quiet)) == [
        ("promoter", "detractor"), ("passive", "detractor"),
    ]  # fmt: skip
    assert pairs_of(*promoters, *quiet) == {}
