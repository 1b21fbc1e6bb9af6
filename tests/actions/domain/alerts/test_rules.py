from __future__ import annotations

from decimal import Decimal

import pytest

from actions.domain.alerts.rules import Account, AlertOn, Group, concerns, is_key

BIG = Account({"plan": "enterprise"}, Decimal(500))
SMALL = Account({"plan": "basic"}, Decimal(20))


@pytest.mark.parametrize(
    ("group", "scores"),
    [
        (Group.ANY, range(11)),
        (Group.PROMOTER, (9, 10)),
        (Group.PASSIVE, (7, 8)),
        (Group.DETRACTOR, range(7)),
    ],
)
def test_a_group_is_that_of_the_score(group: Group, scores) -> None:
    wanted = AlertOn(group)
    found = [score for score in range(11) if concerns(wanted, score=score, has_comment=False)]
    assert found == list(scores)


def test_only_with_a_comment_leaves_out_what_has_none() -> None:
    wanted = AlertOn(only_with_comment=True)
    assert [concerns(wanted, score=1, has_comment=each) for each in (True, False)] == [True, False]


@pytest.mark.parametrize(
    ("asked", "who"),
    [
        ({}, [True, True, True]),
        ({"dimension": "plan", "value": "enterprise"}, [True, False, False]),
        ({"mrr_at_least": Decimal(500)}, [True, False, False]),
        ({"mrr_at_least": Decimal(501)}, [False, False, False]),
        # Either makes a key account.
        (
            {"dimension": "plan", "value": "basic", "mrr_at_least": Decimal(500)},
            [True, True, False],
        ),
        ({"dimension": "plan", "value": ""}, [False, False, False]),
    ],
)
def test_a_key_account_has_the_value_or_the_mrr_and_what_is_not_known_is_none(asked, who) -> None:
    wanted = AlertOn(**asked)
    assert [is_key(wanted, each) for each in (BIG, SMALL, Account())] == who
