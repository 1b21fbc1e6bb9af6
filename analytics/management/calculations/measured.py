"""How well published intervals and tests keep what they promise: every outcome is counted."""

from __future__ import annotations

from argparse import ArgumentParser

import numpy as np
from django.core.management.base import CommandError

from analytics.domain.statistics.nps import methods
from analytics.domain.statistics.nps.methods import Method, Mix
from analytics.management.calculations.counts import mix_of
from analytics.management.calculations.kind import (
    Figures,
    Kind,
    Options,
    add_confidence,
    confidence_from,
)

MOST_ANSWERS = 200
# Every outcome of one group with every outcome of the other.
MOST_OUTCOMES = 6_000_000
# Mixes drawn where none is given: 20 : 30 : 50 on average.
MIXES, CENTRE = 400, (1.6, 2.4, 4.0)
SEED = 2016


def _coverage(options: Options) -> Figures:
    answers, confidence = options["answers"], confidence_from(options)
    if not 1 <= answers <= MOST_ANSWERS:
        raise CommandError(f"--answers: {answers}; write a number from 1 to {MOST_ANSWERS}.")
    mixes = [mix_of(options["mix"])] if options["mix"] else _typical_mixes()
    found: Figures = {"answers": answers, "mixes": len(mixes)}
    for method in Method:
        if method is Method.TRINOMIAL_T and answers < 2:
            continue
        held = methods.coverage(mixes, answers=answers, method=method, confidence=confidence)
        found[str(method)] = {"mean": float(np.mean(held)), "lowest": min(held)}
    return found


def _false_alarms(options: Options) -> Figures:
    one, other = options["answers"]
    outcomes = [(each + 1) * (each + 2) // 2 for each in (one, other)]
    if min(one, other) < 1 or outcomes[0] * outcomes[1] > MOST_OUTCOMES:
        raise CommandError("--answers: from 1 on, and at most 60 in both or 20 and 200.")
    return methods.false_alarms(mix_of(options["mix"]), answers=(one, other))


def _typical_mixes() -> list[Mix]:
    drawn = np.random.default_rng(SEED).dirichlet(CENTRE, MIXES)
    return [Mix(*row) for row in drawn.tolist()]


def _coverage_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--mix", nargs=3, type=float, metavar="SHARE",
        help="detractors, passives, promoters; without it 400 mixes around 20 30 50",
    )  # fmt: skip
    parser.add_argument("--answers", type=int, required=True, metavar="N", help="at most 200")
    add_confidence(parser)


def _false_alarms_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--mix", nargs=3, type=float, required=True, metavar="SHARE",
        help="detractors, passives, promoters of both groups",
    )  # fmt: skip
    parser.add_argument(
        "--answers", nargs=2, type=int, required=True, metavar="N", help="of each group"
    )


KINDS = (
    Kind(
        "coverage",
        "how often each published interval holds the true NPS",
        "Every possible outcome of so many answers is counted with its probability, for one mix, "
        "or for 400 mixes around 20 : 30 : 50.",
        "manage.py calculate coverage --mix 15 30 55 --answers 20",
        _coverage,
        add_arguments=_coverage_arguments,
    ),
    Kind(
        "false_alarms",
        "how often each published test calls two equal groups different",
        "Every possible pair of outcomes is counted with its probability; 0.05 is promised.",
        "manage.py calculate false_alarms --mix 15 30 55 --answers 20 100",
        _false_alarms,
        add_arguments=_false_alarms_arguments,
    ),
)
