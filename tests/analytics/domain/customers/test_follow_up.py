"""The landmark rule: whom outcomes follow, in which group, and until when."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from analytics.domain.customers.follow_up import follow_up
from tests.analytics.domain.customers.asked import LAST_KNOWN, frame, row


def groups_of(*rows):
    return follow_up(frame(*rows), last_known=LAST_KNOWN)["group"].tolist()


def test_group_is_the_category_of_the_answer_by_the_landmark():
    assert groups_of(row(10), row(7), row(0), row()) == [
        "promoter",
        "passive",
        "detractor",
        "no_answer",
    ]


def test_an_answer_after_the_landmark_does_not_choose_the_group():
    assert groups_of(row(10, answered=30), row(10, answered=31)) == ["promoter", "no_answer"]


def test_who_is_gone_by_the_landmark_is_in_no_group():
    assert groups_of(row(0, churned=12), row(0, churned=30), row(0, churned=31)) == ["detractor"]


def test_whose_landmark_has_not_come_is_in_no_group_yet():
    young = LAST_KNOWN - timedelta(days=29)

    assert groups_of(row(9, invited=young), row(9, invited=young - timedelta(days=1))) == [
        "promoter"
    ]


def test_follow_up_runs_from_the_landmark_to_churn_or_to_the_last_known_day():
    found = follow_up(
        frame(row(9), row(9, churned=40), row(9, churned=395), row(9, churned=396)),
        last_known=LAST_KNOWN,
    )

    assert found["days"].tolist() == [365, 10, 365, 365]
    assert found["churned"].tolist() == [False, True, True, False]


def test_frame_of_dates_keeps_its_index():
    table = frame(row(9), row(2, churned=3), row(7)).set_axis(["acme", "bolt", "cold"])

    assert follow_up(table, last_known=LAST_KNOWN).index.tolist() == ["acme", "cold"]
    assert np.isfinite(follow_up(table, last_known=LAST_KNOWN)["days"]).all()
