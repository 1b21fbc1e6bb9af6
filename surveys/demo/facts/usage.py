"""How much a customer used the product: less before most of the losses, but not before all."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from random import Random

from surveys.demo.companies import Window
from surveys.demo.schedule import SATURDAY
from surveys.demo.shape import Company

MEASURES = LOG_INS, REPORTS = "logins", "reports_created"
REPORTS_PER_LOG_IN = 0.12
# Of those that left, how many used it less and less; of the others how many once did for a while,
# and how many do now, whatever comes of it.
FADED, DIPPED, FADING = 0.7, 0.12, 0.04
FADES_FOR, DIPS_FOR = (60, 170), (40, 90)
LEFT_OVER = (0.05, 0.5)
LEARNING = 60
MOOD = 0.2
NOISE, CUSTOMERS_NOISE = 0.22, 0.35
WEEK = 5
# Days on which offices are nearly empty: month and day, first and last.
QUIET = {"ja": (((12, 29), (12, 31)), ((1, 1), (1, 3)), ((8, 12), (8, 16))),
         "en": (((12, 24), (12, 31)), ((1, 1), (1, 1)))}  # fmt: skip
QUIET_SHARE = 0.15
Course = Callable[[dt.date], float]


def draw_usage(company: Company, *, window: Window) -> dict[str, list[tuple[dt.date, int]]]:
    """By measure; log-ins of each working day, and the reports that were made in a week."""
    rng = Random(f"{company.domain} usage")  # noqa: S311 - a world to look at, not a secret
    course = _course(rng, company=company, window=window)
    own = math.exp(rng.gauss(0, CUSTOMERS_NOISE))
    first = max(company.started_on, window.firsts[0])
    end = company.churned_on or window.today
    logins: list[tuple[dt.date, int]] = []
    reports: list[tuple[dt.date, int]] = []
    week = 0
    for day in (first + dt.timedelta(days=number) for number in range((end - first).days)):
        if day.weekday() >= SATURDAY:
            continue
        level = own * course(day) * _usual(day, company=company)
        logins.append((day, round(level * math.exp(rng.gauss(0, NOISE)))))
        week += logins[-1][1]
        if day.weekday() == SATURDAY - 1:
            made = week * REPORTS_PER_LOG_IN * math.exp(rng.gauss(0, NOISE))
            reports.append((day, round(made)))
            week = 0
    return {LOG_INS: logins, REPORTS: reports}


def _usual(day: dt.date, *, company: Company) -> float:
    """Of an ordinary customer as large and as content."""
    of_one = float(company.attributes_on(day)["usage_per_seat"]) / WEEK
    learnt = min(((day - company.started_on).days + 10) / LEARNING, 1.0)
    is_quiet = any(first <= (day.month, day.day) <= last for first, last in QUIET[company.language])
    quiet = QUIET_SHARE if is_quiet else 1.0
    return company.seats * of_one * learnt * quiet * math.exp(MOOD * company.mood_on(day))


def _course(rng: Random, *, company: Company, window: Window) -> Course:
    """What becomes of it over time, as a factor."""
    length, left_over = rng.randint(*FADES_FOR), rng.uniform(*LEFT_OVER)
    chance, dip = rng.random(), rng.randint(*DIPS_FOR)
    if company.churned_on:
        return _fading(company.churned_on, length, left_over) if chance < FADED else _steady
    if chance < FADING:
        ahead = dt.timedelta(days=rng.randrange(length))
        return _fading(window.today + ahead, length, left_over)
    if chance < FADING + DIPPED:
        since = window.firsts[0] + dt.timedelta(days=rng.randrange(window.months * 30))
        until = since + dt.timedelta(days=dip)
        return lambda day: 0.5 if since <= day < until else 1.0
    return _steady


def _steady(day: dt.date) -> float:
    return 1.0


def _fading(end: dt.date, length: int, left_over: float) -> Course:
    def course(day: dt.date) -> float:
        part = min(max((end - day).days / length, 0.0), 1.0)
        return left_over + (1 - left_over) * part

    return course
