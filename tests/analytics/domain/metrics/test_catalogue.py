from __future__ import annotations

from analytics.domain.metrics.catalogue import CATALOGUE
from analytics.domain.metrics.shares import SHARES
from analytics.domain.metrics.times import TIMES


def test_a_key_stands_once_and_what_needs_facts_has_its_rule() -> None:
    keys = [each.key for each in CATALOGUE]

    assert len(keys) == len(set(keys))
    assert {each.key for each in CATALOGUE if each.needs} == SHARES.keys() | TIMES.keys()


def test_of_several_kinds_one_is_enough_where_the_metric_says_so() -> None:
    by_key = {each.key: each for each in CATALOGUE}

    assert by_key["repurchase_rate"].lacks({"events:renewed"}) == []
    assert by_key["repurchase_rate"].lacks(()) == ["events:purchased", "events:renewed"]
    assert by_key["resolution_rate"].lacks({"events:ticket_opened"}) == ["events:ticket_resolved"]
