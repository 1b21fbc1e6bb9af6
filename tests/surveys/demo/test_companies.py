from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from random import Random
from typing import Any

import pandas as pd

from analytics.domain.customers.outcomes import Outcomes, outcomes
from surveys.demo.companies import Names, Window, add_months, end_of
from tests.surveys.demo.made import NOW, World


def outcomes_of(made: World) -> Outcomes:
    rows: list[dict[str, Any]] = []
    for company, contacts in made:
        asked = [each for contact in contacts for each in contact.asked if each.sent_at]
        if asked:
            given = [each.answer for each in asked if each.answer]
            first = min(given, key=lambda answer: answer.at, default=None)
            rows.append(
                {
                    "first_invited_on": min(each.send_at for each in asked).date(),
                    "first_answered_on": first.at.date() if first else None,
                    "first_score": first.score if first else None,
                    "churned_on": company.churned_on,
                    "mrr": 0.0,
                }
            )
    frame = pd.DataFrame(rows)
    for name in ("first_invited_on", "first_answered_on", "churned_on"):
        frame[name] = pd.to_datetime(frame[name])
    return outcomes(frame, last_known=NOW.date(), horizon_days=365)


def test_nothing_happens_outside_the_time_of_a_customer(usual: World) -> None:
    wrong = [
        (company.customer_id, asked.campaign.slug)
        for company, contacts in usual
        for contact in contacts
        for asked in contact.asked
        if not company.is_active_on(asked.send_at.date())
    ]

    assert wrong == []
    assert [company for company, _ in usual if company.churned_on] != []


def test_low_scores_come_before_lost_customers(large: World) -> None:
    found = outcomes_of(large)

    risks = {row.group: row.relative_risk for row in found.rows}
    assert risks["detractor"] is not None
    assert risks["no_answer"] is not None
    assert 1.5 < risks["detractor"] < 8
    assert 1.1 < risks["no_answer"] < 6
    assert found.log_rank_p_value is not None
    assert found.log_rank_p_value < 0.01


def test_revenue_ends_with_the_customer_and_moves_meanwhile(usual: World) -> None:
    for company, _ in usual:
        for month, mrr in company.revenue:
            last = (month + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
            assert company.is_active_on(last)
            assert last < NOW.date()
            assert mrr > 0
    steps = Counter(
        (after > before) - (after < before)
        for company, _ in usual
        for (_, before), (_, after) in itertools.pairwise(company.revenue)
    )
    assert steps[0] > steps[1] > steps[-1] > 0


def test_a_name_that_was_drawn_before_gets_a_number() -> None:
    names, rng = Names(), Random(1)
    drawn = [names.draw(rng, language=each, industry="Food") for each in ("ja", "en") * 1500]

    domains = [domain for _, domain in drawn]
    assert len(set(domains)) == 3000
    numbered = [(name, domain) for name, domain in drawn if name.endswith(" 2")]
    assert numbered
    assert all(domain.removesuffix(".example").endswith("2") for _, domain in numbered)


def test_months_of_the_window_go_over_the_turn_of_the_year() -> None:
    window = Window(dt.datetime(2026, 2, 28, 3, tzinfo=dt.UTC), months=2)

    assert window.firsts == [
        dt.date(2025, 11, 1), dt.date(2025, 12, 1), dt.date(2026, 1, 1), dt.date(2026, 2, 1),
    ]  # fmt: skip
    assert [end_of(dt.date(year, 2, 1)).day for year in (2026, 2028)] == [28, 29]
    assert add_months(dt.date(2026, 1, 1), -13) == dt.date(2024, 12, 1)
