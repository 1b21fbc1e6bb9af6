"""`make coverage-of-intervals`: every interval that a page shows, on worlds whose truth is known.

Each world is drawn DRAWS times, goes through the functions that the reports call, and the share
of intervals that hold the truth is set beside the 95 % that they promise. What a page withholds
is left out here, too. The table goes into docs/statistics.md.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analytics.domain.answers.samples import GroupedAnswers, grouped_answers
from analytics.domain.answers.scores import COUNT_COLUMNS
from analytics.domain.customers.outcomes import MIN_AT_RISK, MIN_CHURNED, relative_risk
from analytics.domain.statistics.nps.intervals import Other, change, intervals
from analytics.domain.statistics.proportions import Share, change_of_rate, wilson_interval
from analytics.domain.statistics.ratios import change_of_ratio, ratio_of
from analytics.domain.statistics.shares import share_change
from analytics.domain.statistics.shares import share_of as share_of_answers
from analytics.domain.statistics.stratified import Stratum, stratified
from analytics.domain.statistics.survival import kaplan_meier, log_log_interval, step_at
from benchmarks.simulation import answers, mixes, truth

PAGE = Path(__file__).resolve().parents[1] / "docs" / "statistics.md"
START, END = "<!-- coverage: written by make coverage-of-intervals -->\n", "<!-- end -->\n"
DRAWS, SEED = 2_000, 20_261_128
LOWEST, HIGHEST = 0.93, 0.97
# Per draw: low, high and the truth; nothing where the page would withhold it.
Drawn = tuple[float | None, float | None, float] | None
Rng = np.random.Generator
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class World:
    interval: str
    world: str
    draw: Callable[[Rng], Drawn]


def grouped(*rows: Integers) -> GroupedAnswers:
    """A group per array; its rows are the customers, the same ones everywhere."""
    table = np.concatenate(rows)
    groups = np.repeat(np.arange(len(rows)), [len(each) for each in rows])
    customers = np.concatenate([np.arange(1, len(each) + 1) for each in rows])
    counts = dict(zip(COUNT_COLUMNS, table.T, strict=True))
    return grouped_answers(groups, customers, counts, size=len(rows))


def sizes_of(rng: Rng, customers: int, *, most: int, vary: bool) -> Integers:
    return rng.integers(1, most + 1, customers) if vary else np.full(customers, most)


def nps_of(rng: Rng, *, customers: int, most: int, icc: float, vary: bool = False) -> Drawn:
    sizes = sizes_of(rng, customers, most=most, vary=vary)
    rows = answers(rng, sizes, mixes(rng, customers, correlation=icc))
    [found] = intervals(grouped(rows).samples())
    return found and (*found, truth())


def change_of(rng: Rng, *, customers: int, most: int, same: bool) -> Drawn:
    """Nobody changed; the customers are the same ones, or others of their kind."""
    mine = mixes(rng, customers, correlation=0.3)
    theirs = mine if same else mixes(rng, customers, correlation=0.3)
    sizes = np.full(customers, most)
    now, before = (grouped(answers(rng, sizes, each)) for each in (mine, theirs))
    compared = now.against(before)[0] if same else Other(before.samples()[0])
    found = change(now.samples()[0], compared=compared)
    return found and (found.low, found.high, 0.0)


def rest_of(rng: Rng, *, customers: int, split: bool) -> Drawn:
    """One of three segments against the two others; customers in several of them, or in one."""
    mine = mixes(rng, customers, correlation=0.3)
    belongs = rng.integers(0, 3, customers)
    rows = [
        answers(rng, np.where(split | (belongs == each), rng.integers(0, 6, customers), 0), mine)
        for each in range(3)
    ]
    found = grouped(*rows)
    drawn = change(found.samples()[0], compared=found.rests(found.together())[0])
    return drawn and (drawn.low, drawn.high, 0.0)


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


def _satisfied(rng: Rng, chances: NDArray[np.float64], *, most: int) -> GroupedAnswers:
    """Of each customer's answers those that count, in the column of promoters."""
    count = rng.binomial(most, chances)
    return grouped(np.array([np.zeros_like(count), most - count, count]).T)


def csat_of(rng: Rng, *, customers: int, most: int, icc: float) -> Drawn:
    chances = rng.beta(0.7 * (1 - icc) / icc, 0.3 * (1 - icc) / icc, customers)
    found = share_of_answers(_satisfied(rng, chances, most=most).samples()[0])
    return found and (*found.limits, 0.7)


def change_of_csat(rng: Rng, *, customers: int, most: int, icc: float) -> Drawn:
    """The same customers, who did not change."""
    chances = rng.beta(0.7 * (1 - icc) / icc, 0.3 * (1 - icc) / icc, customers)
    now, before = (_satisfied(rng, chances, most=most) for _ in range(2))
    found = share_change(now.samples()[0], compared=now.against(before)[0])
    return found and (found.low, found.high, 0.0)


def share_of(rng: Rng, *, whole: int, rate: float) -> Drawn:
    found = wilson_interval(Share(int(rng.binomial(whole, rate)), whole))
    return found and (*found, rate)


def change_of_share(rng: Rng, *, whole: int, rates: tuple[float, float]) -> Drawn:
    now, before = (Share(int(rng.binomial(whole, rate)), whole) for rate in rates)
    found = change_of_rate(now, compared=before)
    return found and (found.low, found.high, rates[0] - rates[1])


def _kept(rng: Rng, mrr: NDArray[np.float64], *, rise: bool) -> NDArray[np.float64]:
    """A tenth leaves, two tenths pay less, two tenths pay more."""
    fate = rng.choice([0.0, 0.7, 1.0, 1.3], p=[0.1, 0.2, 0.5, 0.2], size=len(mrr))
    kept: NDArray[np.float64] = mrr * (fate if rise else np.minimum(fate, 1.0))
    return kept


def ratio(rng: Rng, *, customers: int, skew: float, rise: bool) -> Drawn:
    mrr = np.exp(rng.normal(0, skew, customers))
    found = ratio_of(_kept(rng, mrr, rise=rise), wholes=mrr)
    limits = (found.interval() if rise else found.share_interval()) if found else None
    return limits and (*limits, 0.9 if rise else 0.84)


def change_of_ratios(rng: Rng, *, customers: int, skew: float) -> Drawn:
    mrr = np.exp(rng.normal(0, skew, customers))
    now, before = (ratio_of(_kept(rng, mrr, rise=True), wholes=mrr) for _ in range(2))
    found = change_of_ratio(now, compared=before)
    return found and (found.low, found.high, 0.0)


HORIZON = 180


def _followed(
    rng: Rng, customers: int, risk: float
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """A constant hazard with that risk within the horizon; half a year to two are known."""
    leaves = rng.exponential(-HORIZON / np.log(1 - risk), customers)
    known = rng.uniform(HORIZON, 4 * HORIZON, customers)
    return np.ceil(np.minimum(leaves, known)), leaves <= known


def _shown(days: NDArray[np.float64], churned: NDArray[np.bool_]) -> bool:
    return len(days) >= MIN_AT_RISK and (churned & (days <= HORIZON)).sum() >= MIN_CHURNED


def churn_within(rng: Rng, *, customers: int, risk: float) -> Drawn:
    days, churned = _followed(rng, customers, risk)
    if not _shown(days, churned):
        return None
    low, high = log_log_interval(step_at(kaplan_meier(days, churned=churned), day=HORIZON))
    return None if low is None or high is None else (1 - high, 1 - low, risk)


def risk_of(rng: Rng, *, customers: int, risks: tuple[float, float]) -> Drawn:
    groups = [_followed(rng, customers, risk) for risk in risks]
    if not all(_shown(*each) for each in groups):
        return None
    steps = [step_at(kaplan_meier(days, churned=churned), day=HORIZON) for days, churned in groups]
    found = relative_risk(steps[0], reference=steps[1])
    return found and (found[1], found[2], risks[0] / risks[1])


def worlds() -> Iterator[World]:
    yield from _nps_worlds()
    yield from _change_worlds()
    yield from _vote_worlds()
    yield from _rate_worlds()
    yield from _revenue_worlds()
    yield from _csat_worlds()


def _nps_worlds() -> Iterator[World]:
    sizes = ((20, 5, 0.3), (10, 10, 0.3), (5, 20, 0.3), (50, 2, 0.3), (100, 1, 0.0))
    for customers, most, icc in sizes:
        kind = f"{customers} customers x {most} answers, correlation {icc:g}"
        yield World("NPS", kind, partial(nps_of, customers=customers, most=most, icc=icc))
    for customers in (15, 40, 150):
        kind = f"{customers} customers x 1 to 7 answers, correlation 0.3"
        draw = partial(nps_of, customers=customers, most=7, icc=0.3, vary=True)
        yield World("NPS", kind, draw)


def _change_worlds() -> Iterator[World]:
    for customers, most in ((20, 5), (10, 10), (60, 3)):
        for same, who in ((True, "the same"), (False, "other")):
            draw = partial(change_of, customers=customers, most=most, same=same)
            yield World("Change of NPS", f"{customers} x {most}, {who} customers before", draw)
    for split, who in ((False, "in one segment each"), (True, "in all segments")):
        draw = partial(rest_of, customers=60, split=split)
        yield World("Against all others", f"60 customers {who}", draw)


def _vote_worlds() -> Iterator[World]:
    for customers in (15, 50):
        draw = partial(vote_of, customers=customers, skew=0.0, column="account_nps")
        yield World("Account NPS", f"{customers} customers", draw)
    for customers, skew in ((50, 0.7), (150, 1.0)):
        draw = partial(vote_of, customers=customers, skew=skew, column="revenue_weighted_nps")
        kind = f"{customers} customers, MRR log-normal {skew:g}"
        yield World("Revenue-weighted NPS", kind, draw)
    draw = partial(language_of, customers=40)
    yield World("NPS adjusted for languages", "40 customers in both", draw)


def _rate_worlds() -> Iterator[World]:
    draw = partial(share_of, whole=900, rate=0.37)
    yield World("Response rate", "900 asked, who answer independently", draw)
    change = partial(change_of_share, whole=900, rates=(0.37, 0.40))
    yield World("Change of response rate", "2 x 900, who answer independently", change)
    for whole in (40, 140):
        draw = partial(share_of, whole=whole, rate=0.15)
        yield World("Customer churn", f"{whole} customers, 15 %", draw)
    change = partial(change_of_share, whole=140, rates=(0.20, 0.12))
    yield World("Change of customer churn", "2 x 140 customers", change)
    for customers, risk in ((40, 0.3), (140, 0.15)):
        kind = f"{customers} customers, {100 * risk:.0f} % within the horizon"
        draw = partial(churn_within, customers=customers, risk=risk)
        yield World("Churn rate of outcomes, survival curve", kind, draw)
    draw = partial(risk_of, customers=80, risks=(0.4, 0.2))
    yield World("Relative risk", "2 x 80 customers, 40 % and 20 %", draw)


def _revenue_worlds() -> Iterator[World]:
    for customers, skew in ((40, 0.5), (140, 1.0)):
        kind = f"{customers} customers, MRR log-normal {skew:g}"
        for rise, name in ((True, "NRR"), (False, "GRR")):
            yield World(name, kind, partial(ratio, customers=customers, skew=skew, rise=rise))
        draw = partial(change_of_ratios, customers=customers, skew=skew)
        yield World("Change of NRR", kind, draw)


def _csat_worlds() -> Iterator[World]:
    for customers, most in ((20, 5), (60, 3)):
        kind = f"{customers} customers x {most} answers, correlation 0.3"
        draw = partial(csat_of, customers=customers, most=most, icc=0.3)
        yield World("CSAT", kind, draw)
        change = partial(change_of_csat, customers=customers, most=most, icc=0.3)
        yield World("Change of CSAT", f"{customers} x {most}, the same customers before", change)


def observed(world: World, *, draws: int, number: int) -> tuple[float, int]:
    """The share that holds the truth, and of how many."""
    rng = np.random.default_rng([SEED, number])
    found = [each for each in (world.draw(rng) for _ in range(draws)) if each is not None]
    held = [
        low <= true <= high for low, high, true in found if low is not None and high is not None
    ]
    return float(np.mean(held)), len(held)


def table(rows: Iterable[tuple[World, float, int]]) -> str:
    lines = ["| interval | world | promised | held | of |", "| --- | --- | --- | --- | --- |"]
    lines += [
        f"| {each.interval} | {each.world} | 95 % | {100 * share:.1f} % | {count:,} |"
        for each, share, count in rows
    ]
    return "\n".join(lines) + "\n"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=DRAWS)
    draws = parser.parse_args(arguments).draws
    rows = []
    for number, world in enumerate(worlds()):
        share, count = observed(world, draws=draws, number=number)
        rows.append((world, share, count))
        print(f"{world.interval:40} {world.world:50} {share:.3f} of {count}", flush=True)
    if draws == DRAWS:
        before, rest = PAGE.read_text(encoding="utf-8").split(START)
        PAGE.write_text(before + START + table(rows) + END + rest.split(END)[1], encoding="utf-8")
    outside = [world for world, share, _ in rows if not LOWEST <= share <= HIGHEST]
    return 1 if outside else 0


if __name__ == "__main__":
    sys.exit(main())
