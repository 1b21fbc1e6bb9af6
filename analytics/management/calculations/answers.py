"""NPS of counts, and of tables of answers: by customer, by weight, by stratum."""

from __future__ import annotations

import math
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

import numpy as np
from django.core.management.base import CommandError

from analytics.domain.answers.samples import grouped_answers
from analytics.domain.answers.scores import CATEGORY_COUNTS, COUNT_COLUMNS
from analytics.domain.statistics.interval import Floats
from analytics.domain.statistics.nps import intervals as clusters
from analytics.domain.statistics.nps import sample_size
from analytics.domain.statistics.nps.counts import POINTS, nps
from analytics.domain.statistics.nps.intervals import Sample
from analytics.domain.statistics.nps.stratified import Stratum, stratified
from analytics.domain.statistics.weighted import weighted_means
from analytics.management.calculations.inputs.tables import COUNT, Column, Table
from analytics.management.calculations.inputs.values import amount, score
from analytics.management.calculations.kind import Figures, Kind, Options, table_of

SCORE = Column("score", score, "the answer, a whole number from 0 to 10")
CUSTOMER = Column("customer", str, "whose respondent answered; empty: not known", default="")
WEIGHT = Column("weight", amount, "how much the answer counts, such as the customer's MRR")
GROUP = Column("group", str, "a figure for each value as well", default="", optional=True)
STRATUM = Column("stratum", str, "which group the answer is of", default="")
SHARE = Column("share", amount, "that group's share of all; shares are scaled to 1")


def _weighted(options: Options) -> Figures:
    table = table_of(options, SCORE, WEIGHT, GROUP)
    values, weights = _values(table), table.numbers("weight")
    places, names = _numbered(table.column("group"))
    whole = _weighted_figures(np.zeros_like(places), values, weights, ["all"])["all"]
    if len(names) > 1:
        whole["groups"] = _weighted_figures(places, values, weights, names)
    return whole


def _weighted_figures(
    places: Any, values: Floats, weights: Floats, names: Sequence[str]
) -> dict[str, Figures]:
    found = weighted_means(places, values=values, weights=weights, size=len(names))
    unweighted = [float(values[places == place].mean()) for place in range(len(names))]
    return {
        name: {
            "nps": _points(unweighted[place]),
            "weighted_nps": _points(found.mean[place]),
            "low": _points(found.low[place]),
            "high": _points(found.high[place]),
            "standard_error": _points(found.error[place]),
            "standard_error_by_kish": _points(_kish_error(values, weights, places == place)),
            "n_effective": _known(found.kish[place]),
        }
        for place, name in enumerate(names)
    }


def _kish_error(values: Floats, weights: Floats, chosen: Any) -> float:
    """The short cut: the weighted variance over Kish's number."""
    value, weight = values[chosen], weights[chosen]
    if not weight.sum():
        return math.nan
    mean = (weight * value).sum() / weight.sum()
    variance = (weight * (value - mean) ** 2).sum() / weight.sum()
    return math.sqrt(variance * (weight**2).sum()) / float(weight.sum())


def _clustered(options: Options) -> Figures:
    table = table_of(options, SCORE, CUSTOMER)
    [sample] = _samples(table, groups=[""] * len(table.rows), customers=table.column("customer"))
    [limits] = clusters.intervals([sample])
    answers, customers = sample.counts.responses, sample.customers
    spread = sample_size.variance(sample.counts)
    clustered = sample.spread * customers / (customers - 1) if customers > 1 else math.nan
    independent = spread / (answers - 1) if answers > 1 else math.nan
    return {
        "nps": nps(sample.counts),
        "nps_low": limits and limits.low,
        "nps_high": limits and limits.high,
        "standard_error": _points(math.sqrt(clustered)),
        "standard_error_independent": _points(math.sqrt(independent)),
        "design_effect": sample.design_effect,
        "n_effective": sample.n_effective(),
        "answers": answers,
        "customers": customers,
    }


def _stratified(options: Options) -> Figures:
    table = table_of(options, SCORE, STRATUM, SHARE)
    groups = table.column("stratum")
    shares = dict(zip(groups, table.column("share"), strict=True))
    _check_shares(options["file"], table, shares)
    samples = _samples(table, groups=groups, customers=[str(each) for each in range(len(groups))])
    whole = sum(shares.values())
    strata = [
        Stratum(share / whole, sample)
        for share, sample in zip(shares.values(), samples, strict=True)
    ]
    found = stratified(strata, shared={})
    low, high = (found and found.interval) or (None, None)
    figures = {"nps": found and found.nps, "nps_low": low, "nps_high": high}
    return figures | {"n_effective": found and found.n_effective}


def _check_shares(source: str, table: Table, shares: dict[str, float]) -> None:
    for row in table.rows:
        if row["share"] != shares[row["stratum"]]:
            raise CommandError(
                f"{source}: share: {row['stratum']!r} has {row['share']:g} and "
                f"{shares[row['stratum']]:g}; write the same share in all its rows."
            )
    if not sum(shares.values()):
        raise CommandError(f"{source}: share: all are 0; write the share of each stratum.")


def _values(table: Table) -> Floats:
    values = CATEGORY_COUNTS["promoters"] - CATEGORY_COUNTS["detractors"]
    found: Floats = values[table.column("score")].astype(np.float64)
    return found


def _samples(table: Table, *, groups: Sequence[str], customers: Sequence[str]) -> list[Sample]:
    scores = np.array(table.column("score"))
    places, names = _numbered(groups)
    # 0 is nobody that is known.
    numbers = {name: place for place, name in enumerate(dict.fromkeys(customers), start=1)}
    return grouped_answers(
        places,
        np.array([numbers[each] if each else 0 for each in customers], dtype=np.int64),
        {name: CATEGORY_COUNTS[name][scores] for name in COUNT_COLUMNS},
        size=len(names),
    ).samples()


def _numbered(groups: Sequence[str]) -> tuple[Any, list[str]]:
    names = list(dict.fromkeys(groups))
    places = {name: place for place, name in enumerate(names)}
    return np.array([places[each] for each in groups], dtype=np.int64), names


def _points(value: float) -> float | None:
    return _known(POINTS * value)


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def add_file(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file", metavar="FILE", nargs="?", default="-", help="- or nothing: standard input"
    )


KINDS = (
    Kind(
        "weighted",
        "NPS where answers do not weigh the same, such as by revenue",
        "standard_error is linearised as in R's survey package; n_effective is Kish's number: so "
        "many answers of equal weight would tell as much. Under 5 there is no interval.",
        "printf 'score,weight\\n10,1000\\n9,500\\n3,100\\n' | manage.py calculate weighted",
        _weighted,
        columns=(SCORE, WEIGHT, GROUP, COUNT),
        add_arguments=add_file,
    ),
    Kind(
        "clustered",
        "NPS of answers by customer: those of one customer resemble each other",
        "As the reports count it: so many independent answers (n_effective) would tell as much. "
        "standard_error_independent is what it would be if every answer stood for itself.",
        "manage.py calculate clustered answers.csv   (score,customer / 9,Acme / 3,Acme / 10,Bolt)",
        _clustered,
        columns=(SCORE, CUSTOMER, COUNT),
        add_arguments=add_file,
    ),
    Kind(
        "stratified",
        "NPS as if each group had answered in its true share (post-stratification)",
        "Each group's NPS is weighted by the share that you know it to have.",
        "manage.py calculate stratified answers.csv   (score,stratum,share / 9,en,1 / 3,ja,3)",
        _stratified,
        columns=(SCORE, STRATUM, SHARE, COUNT),
        add_arguments=add_file,
    ),
)
