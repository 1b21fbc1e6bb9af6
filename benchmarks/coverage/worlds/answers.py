"""Customers with a mix of their own, whose respondents answer by it: NPS and CSAT."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from analytics.domain.answers.samples import GroupedAnswers, grouped_answers
from analytics.domain.answers.scores import COUNT_COLUMNS
from analytics.domain.statistics.nps import intervals as clusters
from analytics.domain.statistics.nps.intervals import Other, Sample
from analytics.domain.statistics.nps.stratified import Stratum, stratified
from analytics.domain.statistics.shares import share_change, share_of
from benchmarks.coverage.simulation import answers, mixes, truth
from benchmarks.coverage.worlds.world import HIGHEST, Drawn, Rng, World, one_by_one

Integers = NDArray[np.int64]
# Each side's limits are as wide as its few degrees of freedom make them; both together know more.
FEW = 0.985


def grouped(*rows: Integers) -> GroupedAnswers:
    """A group per array; its rows are the customers, the same ones everywhere."""
    table = np.concatenate(rows)
    groups = np.repeat(np.arange(len(rows)), [len(each) for each in rows])
    customers = np.concatenate([np.arange(1, len(each) + 1) for each in rows])
    counts = dict(zip(COUNT_COLUMNS, table.T, strict=True))
    return grouped_answers(groups, customers, counts, size=len(rows))


def sizes_of(rng: Rng, customers: int, *, most: int, vary: bool) -> Integers:
    return rng.integers(1, most + 1, customers) if vary else np.full(customers, most)


def nps_of(
    rng: Rng, draws: int, *, customers: int, most: int, icc: float, vary: bool = False
) -> list[Drawn]:
    samples = []
    for _ in range(draws):
        sizes = sizes_of(rng, customers, most=most, vary=vary)
        rows = answers(rng, sizes, mixes(rng, customers, correlation=icc))
        samples += grouped(rows).samples()
    return [found and (*found, truth()) for found in clusters.intervals(samples)]


def changes(pairs: list[tuple[Sample, Other]]) -> list[Drawn]:
    """As the reports do: the limits of both for all pairs at once, then the changes."""
    now, before = ([pair[0] for pair in pairs], [pair[1].sample for pair in pairs])
    limits = clusters.intervals([*now, *before])
    places = zip(pairs, limits[: len(pairs)], limits[len(pairs) :], strict=True)
    found = [
        clusters.change_between(sample, compared=other, limits=mine, compared_limits=theirs)
        for (sample, other), mine, theirs in places
    ]
    return [each and (each.low, each.high, 0.0) for each in found]


def change_of(rng: Rng, draws: int, *, customers: int, most: int, same: bool) -> list[Drawn]:
    """Nobody changed; the customers are the same ones, or others of their kind."""
    sizes, pairs = np.full(customers, most), []
    for _ in range(draws):
        mine = mixes(rng, customers, correlation=0.3)
        theirs = mine if same else mixes(rng, customers, correlation=0.3)
        now, before = (grouped(answers(rng, sizes, each)) for each in (mine, theirs))
        compared = now.against(before)[0] if same else Other(before.samples()[0])
        pairs.append((now.samples()[0], compared))
    return changes(pairs)


def rest_of(rng: Rng, draws: int, *, customers: int, split: bool) -> list[Drawn]:
    """One of three segments against the two others; customers in several of them, or in one."""
    pairs = []
    for _ in range(draws):
        mine = mixes(rng, customers, correlation=0.3)
        belongs = rng.integers(0, 3, customers)
        here = [split | (belongs == each) for each in range(3)]
        sizes = [np.where(each, rng.integers(0, 6, customers), 0) for each in here]
        found = grouped(*(answers(rng, each, mine) for each in sizes))
        pairs.append((found.samples()[0], found.rests(found.together())[0]))
    return changes(pairs)


def vote_of(rng: Rng, *, customers: int, skew: float, column: str) -> Drawn:
    sizes = rng.integers(1, 8, customers)
    rows = answers(rng, sizes, mixes(rng, customers, correlation=0.3))
    mrr = np.r_[0.0, np.exp(rng.normal(0, skew, customers))]
    found = grouped(rows).votes.nps(groups=1, mrr=mrr).iloc[0]
    low, high = found[f"{column}_low"], found[f"{column}_high"]
    return None if np.isnan(low) else (low, high, truth())


def language_of(rng: Rng, *, customers: int) -> Drawn:
    """Seven tenths were asked in one language, whose speakers answer lower."""
    shares, kinds = (0.7, 0.3), ((0.40, 0.35, 0.25), (0.20, 0.35, 0.45))
    rows = [
        answers(
            rng, rng.integers(0, most, customers), mixes(rng, customers, correlation=0.3, mix=kind)
        )
        for most, kind in zip((6, 4), kinds, strict=True)
    ]
    ja, en = (grouped(each) for each in rows)
    strata = [
        Stratum(share, each.samples()[0]) for share, each in zip(shares, (ja, en), strict=True)
    ]
    found = stratified(strata, shared={(0, 1): ja.shared_with(en)[0]})
    expected = sum(share * truth(kind) for share, kind in zip(shares, kinds, strict=True))
    return found and found.interval and (*found.interval, expected)


def _counted(rng: Rng, chances: NDArray[np.float64], *, most: int) -> GroupedAnswers:
    """Of each customer's cases those that count, in the column of promoters."""
    count = rng.binomial(most, chances)
    return grouped(np.array([np.zeros_like(count), most - count, count]).T)


def chances_of(rng: Rng, customers: int, *, rate: float, icc: float) -> NDArray[np.float64]:
    """A chance per customer: beta-binomial with this intra-customer correlation."""
    scale = (1 - icc) / icc
    return rng.beta(rate * scale, (1 - rate) * scale, customers)


def csat_of(rng: Rng, *, customers: int, most: int, icc: float) -> Drawn:
    chances = chances_of(rng, customers, rate=0.7, icc=icc)
    found = share_of(_counted(rng, chances, most=most).samples()[0])
    return found and (*found.limits, 0.7)


def change_of_csat(rng: Rng, *, customers: int, most: int, icc: float) -> Drawn:
    """The same customers, who did not change."""
    chances = chances_of(rng, customers, rate=0.7, icc=icc)
    now, before = (_counted(rng, chances, most=most) for _ in range(2))
    found = share_change(now.samples()[0], compared=now.against(before)[0])
    return found and (found.low, found.high, 0.0)


def worlds() -> Iterator[World]:
    yield from _nps_worlds()
    yield from _change_worlds()
    yield from _vote_worlds()
    yield from _csat_worlds()


def _nps_worlds() -> Iterator[World]:
    sizes = ((20, 5, 0.3), (10, 10, 0.3), (5, 20, 0.3), (50, 2, 0.3), (100, 1, 0.0))
    for customers, most, icc in sizes:
        kind = f"{customers} customers x {most} answers, correlation {icc:g}"
        yield World("NPS", kind, partial(nps_of, customers=customers, most=most, icc=icc))
    for customers, icc in ((15, 0.2), (15, 0.3), (40, 0.3), (150, 0.3)):
        kind = f"{customers} customers x 1 to 7 answers, correlation {icc:g}"
        yield World("NPS", kind, partial(nps_of, customers=customers, most=7, icc=icc, vary=True))


def _change_worlds() -> Iterator[World]:
    for customers, most in ((20, 5), (10, 10), (5, 20), (60, 3)):
        for same, who in ((True, "the same"), (False, "other")):
            draw = partial(change_of, customers=customers, most=most, same=same)
            kind = f"{customers} x {most}, {who} customers before"
            highest = FEW if customers <= 10 and not same else HIGHEST
            yield World("Change of NPS", kind, draw, highest=highest)
    for split, who in ((False, "in one segment each"), (True, "in all segments")):
        draw = partial(rest_of, customers=60, split=split)
        yield World("Against all others", f"60 customers {who}", draw)


def _vote_worlds() -> Iterator[World]:
    for customers in (15, 50):
        draw = one_by_one(vote_of, customers=customers, skew=0.0, column="account_nps")
        yield World("Account NPS", f"{customers} customers", draw)
    for customers, skew in ((50, 0.7), (150, 1.0)):
        draw = one_by_one(vote_of, customers=customers, skew=skew, column="revenue_weighted_nps")
        kind = f"{customers} customers, MRR log-normal {skew:g}"
        yield World("Revenue-weighted NPS", kind, draw)
    draw = one_by_one(language_of, customers=40)
    yield World("NPS adjusted for languages", "40 customers in both", draw)


def _csat_worlds() -> Iterator[World]:
    for customers, most in ((20, 5), (60, 3)):
        kind = f"{customers} customers x {most} answers, correlation 0.3"
        draw = one_by_one(csat_of, customers=customers, most=most, icc=0.3)
        yield World("CSAT", kind, draw)
        change = one_by_one(change_of_csat, customers=customers, most=most, icc=0.3)
        yield World("Change of CSAT", f"{customers} x {most}, the same customers before", change)
