from __future__ import annotations

import datetime as dt
from statistics import mean

from surveys.demo.facts.told import Told
from surveys.demo.facts.usage import LOG_INS, REPORTS
from tests.surveys.demo.facts.told_worlds import WINDOW, told_of
from tests.surveys.demo.made import NOW, World


def fell(told: Told) -> bool:
    """Whether log-ins of the last four weeks are less than 0.6 of those four months before."""
    rows = [value for _, value in told.usage[LOG_INS]]
    return mean(rows[-20:]) < 0.6 * mean(rows[-105:-85])


def test_log_ins_are_of_working_days_of_the_customer(usual: World) -> None:
    for told in told_of(usual)[:200]:
        for day, value in told.usage[LOG_INS]:
            assert day.weekday() < 5
            assert told.company.is_active_on(day)
            assert WINDOW.firsts[0] <= day < NOW.date()
            assert value >= 0
        assert {day.weekday() for day, _ in told.usage[REPORTS]} <= {4}


def test_usage_falls_before_most_losses_and_now_and_then_without_one(usual: World) -> None:
    told = [each for each in told_of(usual) if len(each.usage[LOG_INS]) > 110]
    left = [fell(each) for each in told if each.company.churned_on]
    stayed = [fell(each) for each in told if not each.company.churned_on]

    assert 0.4 < mean(left) < 0.9
    assert 0.02 < mean(stayed) < 0.25


def test_larger_customers_log_in_more_often(usual: World) -> None:
    by_contract: dict[str, list[float]] = {}
    for told in told_of(usual):
        if rows := told.usage[LOG_INS]:
            of_contract = by_contract.setdefault(told.company.attributes["contract"], [])
            of_contract.append(mean(value for _, value in rows))
    assert mean(by_contract["enterprise"]) > 3 * mean(by_contract["business"])
    assert mean(by_contract["business"]) > 2 * mean(by_contract["starter"])


def test_offices_are_nearly_empty_at_new_year(usual: World) -> None:
    japanese = [each for each in told_of(usual) if each.company.language == "ja"]
    days = {dt.date(2025, 12, 31): 0, dt.date(2025, 12, 17): 0}
    for told in japanese:
        for day, value in told.usage[LOG_INS]:
            if day in days:
                days[day] += value
    assert days[dt.date(2025, 12, 31)] < 0.3 * days[dt.date(2025, 12, 17)]
