"""Customers whose respondents answer, or do not, together: rates of those asked."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from analytics.domain.answers.rates.response_rates import AskedGroups, response_change
from analytics.domain.answers.rates.ripeness import Sent, change_at_equal_age
from analytics.domain.answers.samples import grouped_answers
from analytics.domain.statistics.interval import Floats
from benchmarks.coverage.worlds.answers import Integers, chances_of
from benchmarks.coverage.worlds.world import Drawn, Rng, World, one_by_one

RATE = 0.37


def asked(rng: Rng, chances: Floats, *, each: int, first: int = 1) -> AskedGroups:
    """As many asked of each customer; the customers are numbered from `first` on."""
    answered: Integers = rng.binomial(each, chances)
    counts = {"passives": each - answered, "promoters": answered}
    customers = np.arange(first, first + len(chances))
    nowhere = np.zeros(len(chances), dtype=np.int64)
    return AskedGroups(grouped_answers(nowhere, customers, counts, size=1), [0])


def own_rates(rng: Rng, customers: int, *, icc: float) -> Floats:
    return chances_of(rng, customers, rate=RATE, icc=icc) if icc else np.full(customers, RATE)


def rate_of(rng: Rng, *, customers: int, each: int, icc: float) -> Drawn:
    chances = own_rates(rng, customers, icc=icc)
    [found] = asked(rng, chances, each=each).rates()
    return found.limits and (*found.limits, RATE)


def change_of_rate(rng: Rng, *, customers: int, each: int, icc: float, same: bool) -> Drawn:
    mine = own_rates(rng, customers, icc=icc)
    theirs = mine if same else own_rates(rng, customers, icc=icc)
    now = asked(rng, mine, each=each)
    before = asked(rng, theirs, each=each, first=1 if same else customers + 1)
    found = response_change(now, compared=before)
    return found and (found.low, found.high, 0.0)


def change_still_coming_in(rng: Rng, *, customers: int, each: int, icc: float) -> Drawn:
    """Of both periods a part was sent too lately to have had all its answers."""
    chances = own_rates(rng, customers, icc=icc)

    def mails() -> Sent:
        number = customers * each
        comes = rng.random(number) < np.repeat(chances, each)
        delays = np.where(comes, np.floor(rng.exponential(4, number)), np.inf)
        known = rng.integers(1, 20, number)
        owners = np.repeat(np.arange(1, customers + 1), each)
        return Sent(np.where(delays < known, delays, np.inf), known, owners)

    found = change_at_equal_age(mails(), compared=mails())
    return found and (found.change.low, found.change.high, 0.0)


def worlds() -> Iterator[World]:
    for customers, each, icc in ((60, 6, 0.1), (20, 10, 0.2), (300, 1, 0.0)):
        kind = f"{customers} customers x {each} asked, correlation {icc:g}"
        draw = one_by_one(rate_of, customers=customers, each=each, icc=icc)
        yield World("Response rate", kind, draw)
    for same, who in ((True, "the same"), (False, "other")):
        draw = one_by_one(change_of_rate, customers=60, each=6, icc=0.1, same=same)
        yield World("Change of response rate", f"60 x 6, {who} customers before", draw)
    draw = one_by_one(change_still_coming_in, customers=60, each=6, icc=0.1)
    yield World("Change of response rate", "60 x 6, answers still coming in", draw)
