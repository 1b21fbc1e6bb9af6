from __future__ import annotations

import pandas as pd

from analytics.domain.customers.reasons import churn_reasons

NAN = float("nan")


def test_reasons_stand_by_how_many_left_for_them_and_the_unknown_one_last() -> None:
    left = pd.DataFrame(
        [
            ("", 1.0, "promoter", ""),
            ("", 1.0, "promoter", ""),
            ("", NAN, "no_answer", "risk"),
            ("price", NAN, "detractor", "risk"),
            ("support", 5.0, "detractor", "risk"),
            ("support", 7.0, "passive", "good"),
        ],
        columns=["reason", "mrr", "group", "band"],
    )

    found = churn_reasons(left)

    assert [(each.reason, each.customers_left, each.mrr_left) for each in found] == [
        ("support", 2, 12.0),
        ("price", 1, None),
        ("", 3, 2.0),
    ]
    assert found[0].groups == {"promoter": 0, "passive": 1, "detractor": 1, "no_answer": 0}
    assert found[2].bands == {"": 2, "risk": 1}
    assert sum(each.share for each in found) == 1


def test_nobody_left() -> None:
    assert churn_reasons(pd.DataFrame(columns=["reason", "mrr", "group", "band"])) == ()
