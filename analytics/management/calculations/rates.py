"""Shares of counted cases, and p values of many tests."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import CommandError

from analytics.domain.statistics import multiplicity
from analytics.domain.statistics.proportions import Share, change_of_rate, wilson_interval
from analytics.management.calculations.kind import (
    Figures,
    Kind,
    Options,
    add_confidence,
    confidence_from,
)


def _rate(options: Options) -> Figures:
    found = wilson_interval(_share(*options["counts"]), confidence=confidence_from(options))
    low, high = found or (None, None)
    return {"rate": _share(*options["counts"]).rate, "low": low, "high": high}


def _rate_change(options: Options) -> Figures:
    part, whole, other_part, other_whole = options["counts"]
    found = change_of_rate(
        _share(part, whole),
        compared=_share(other_part, other_whole),
        confidence=confidence_from(options),
    )
    names = ("change", "low", "high", "p_value")
    return dict(zip(names, found or [None] * 4, strict=True))


def _adjust(options: Options) -> Figures:
    p_values = options["p_values"]
    if not all(0 <= each <= 1 for each in p_values):
        raise CommandError("A p value lies between 0 and 1.")
    count = len(p_values)
    bonferroni = [min(1.0, each * count) for each in p_values]
    at_most = [each <= multiplicity.FALSE_DISCOVERY_RATE for each in bonferroni]
    found = {
        "benjamini_hochberg": multiplicity.benjamini_hochberg(p_values)._asdict(),
        "holm": multiplicity.holm(p_values)._asdict(),
        "bonferroni": {"adjusted": bonferroni, "significant": at_most},
    }
    return {
        name: {**figures, "rejected": sum(figures["significant"])}
        for name, figures in found.items()
    }


def _share(part: int, whole: int) -> Share:
    if not 0 <= part <= whole:
        raise CommandError(f"{part} of {whole}: the part is 0 or more and at most the whole.")
    return Share(part, whole)


def _rate_arguments(parser: ArgumentParser, *, groups: int = 1) -> None:
    help_text = "the part and the whole, such as 37 100"
    parser.add_argument("counts", nargs=2 * groups, type=int, metavar="N", help=help_text)
    add_confidence(parser)


def _rate_change_arguments(parser: ArgumentParser) -> None:
    _rate_arguments(parser, groups=2)


def _adjust_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("p_values", nargs="+", type=float, metavar="P")


KINDS = (
    Kind(
        "rate",
        "a share and its interval, such as a response rate or customer churn",
        "The interval is Wilson's.",
        "manage.py calculate rate 11 100",
        _rate,
        add_arguments=_rate_arguments,
    ),
    Kind(
        "rate_change",
        "the difference of two shares, the first minus the second",
        "Limits by Newcombe, p value by the score test.",
        "manage.py calculate rate_change 40 100 30 100",
        _rate_change,
        add_arguments=_rate_change_arguments,
    ),
    Kind(
        "adjust",
        "p values corrected for testing many at once",
        "By Benjamini-Hochberg (of what is called different, at most 5 % wrongly), Holm and "
        "Bonferroni (any wrong call at all: at most 5 %).",
        "manage.py calculate adjust 0.001 0.02 0.04 0.3",
        _adjust,
        add_arguments=_adjust_arguments,
    ),
)
