"""One campaign in figures: who answered, how, and of which customers; for its page."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass

from analytics.counting.segments import answers_by_segment
from analytics.domain.answers.rates.response_rates import ResponseRate
from analytics.domain.answers.rates.ripeness import unripe_part
from analytics.domain.periods import ONE_DAY, Period
from analytics.domain.statistics.interval import Interval
from analytics.domain.statistics.nps.counts import nps
from analytics.domain.statistics.nps.intervals import Sample, intervals
from analytics.queries.answers.campaigns import Heard, answers_by_day, first_day, heard
from analytics.queries.database.snapshot import one_snapshot
from analytics.queries.filters import Filters, scope_of
from surveys.models import Campaign

# More bars than these would be lines.
MOST_BARS = 60


@dataclass(frozen=True, slots=True)
class CampaignReport:
    asked: ResponseRate
    # Of those asked, who may still answer.
    coming_in: int
    answers: Sample
    limits: Interval | None
    heard: Heard
    # By the first day of each bar, which stands for so many days.
    course: tuple[tuple[dt.date, int], ...]
    days_a_bar: int

    @property
    def nps(self) -> float | None:
        return nps(self.answers.counts)


@one_snapshot()
def campaign_report(campaign: Campaign, *, today: dt.date) -> CampaignReport:
    period = Period(first_day(campaign, today=today), today + ONE_DAY)
    scope = scope_of(Filters(period, campaign=campaign.slug))
    found = answers_by_segment(scope, periods=[period])
    [asked] = found.asked(period).together().rates()
    [answers] = found.grouped(period).together().samples()
    [limits] = intervals([answers])
    part = unripe_part(period, today=today)
    coming_in = sum(found.asked(part).mailed()) if part else 0
    days_a_bar, course = course_of(answers_by_day(campaign))
    return CampaignReport(asked, coming_in, answers, limits, heard(campaign), course, days_a_bar)


def course_of(by_day: Mapping[dt.date, int]) -> tuple[int, tuple[tuple[dt.date, int], ...]]:
    """How many days a bar stands for, and the bars from the first answer to the last."""
    if not by_day:
        return 1, ()
    first, last = min(by_day), max(by_day)
    days_a_bar = math.ceil(((last - first).days + 1) / MOST_BARS)
    sums = [0] * ((last - first).days // days_a_bar + 1)
    for day, number in by_day.items():
        sums[(day - first).days // days_a_bar] += number
    bars = ((first + place * days_a_bar * ONE_DAY, each) for place, each in enumerate(sums))
    return days_a_bar, tuple(bars)
