"""When a customer's contract renews, and for how many seats."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random

from surveys.demo.companies import add_months
from surveys.demo.facts.products import CORE
from surveys.demo.shape import Company, Sold, Terms

# Of those that leave, how many do when their contract ends.
LEAVES_AT_RENEWAL = 0.65
# Of the largest contracts, how many are for two years.
TWO_YEARS = 0.25
MOST_RENEWALS = 25


def draw_renewals(company: Company, *, today: dt.date) -> list[dt.date]:
    """Every date on which its contract renewed; the last one is ahead, or it left before it."""
    rng = Random(f"{company.domain} renewals")  # noqa: S311 - a world to look at, not a secret
    is_long = company.attributes["contract"] == "enterprise" and rng.random() < TWO_YEARS
    anchor = company.started_on
    if company.churned_on and rng.random() < LEAVES_AT_RENEWAL:
        anchor = company.churned_on
    end = company.churned_on or today + dt.timedelta(days=1)
    steps = range(-MOST_RENEWALS, MOST_RENEWALS + 1)
    dates = [_months_later(anchor, step * (24 if is_long else 12)) for step in steps]
    possible = [day for day in dates if day > company.started_on]
    return possible[: next(place for place, day in enumerate(possible) if day >= end) + 1]


def terms_of(
    company: Company, *, renewals: Sequence[dt.date], sold: Sequence[Sold], since: dt.date
) -> list[Terms]:
    """As they became known: at the start or the first day, at each renewal, as seats change."""
    first = max(company.started_on, since)
    changed = {add_months(each.month, 1) for each in sold if each.product == CORE}
    days = sorted({first, *renewals[:-1], *changed})
    found: list[Terms] = []
    for day in days:
        if first <= day < renewals[-1]:
            renews_on = next(each for each in renewals if each > day)
            terms = Terms(day, renews_on, _seats_on(day, company=company, sold=sold))
            if not found or terms != Terms(day, found[-1].renews_on, found[-1].seats):
                found.append(terms)
    return found


def _seats_on(day: dt.date, *, company: Company, sold: Sequence[Sold]) -> int:
    """What was paid for at the end of the month before."""
    known = [
        each.quantity for each in sold if each.product == CORE and add_months(each.month, 1) <= day
    ]
    return known[-1] if known else company.seats


def _months_later(day: dt.date, months: int) -> dt.date:
    return add_months(day.replace(day=1), months).replace(
        day=min(day.day, 28) if months else day.day
    )
