"""What reports are asked for, as the commands of the same names take it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import Field

from accounts.domain.segments import SegmentError, parse_conditions
from accounts.labels import reason_text
from analytics.domain.metrics.catalogue import BY_KEY
from analytics.domain.periods import EARLIEST, LATEST, LONGEST_YEARS, Period, last_12_months
from analytics.queries.filters import MAX_DIMENSIONS, Compare, Filters
from analytics.reports.answers.trend import Step
from analytics.reports.health.evidence import EVERY_DAYS, HORIZON_DAYS
from api.web.rest.fields import Day, Query, Text, between, one_of
from api.web.rest.refusals import not_there, refused

Language = Literal["ja", "en"]
MetricKey = Annotated[str, *one_of(BY_KEY)]
# As many days are scored anew for the proof of health as fit into a request.
MOST_OBSERVATIONS = 130
LONGEST_HORIZON = 3650
Dimensions = Annotated[list[Text], Field(max_length=MAX_DIMENSIONS)]


def near(name: str, day: dt.date | None) -> None:
    if day and not EARLIEST <= day <= LATEST:
        raise refused(name, _("is too far away"), f"{EARLIEST} – {LATEST}")


class Span(Query):
    from_: Annotated[
        Day | None, Field(alias="from", description="The first day; default: a year ago.")
    ] = None
    to: Annotated[Day | None, Field(description="The last day, which counts too.")] = None

    @property
    def period(self) -> Period:
        usual = last_12_months(timezone.localdate())
        first, last = self.from_ or usual.start, self.to or usual.last_day
        near("from", first)
        near("to", last)
        if last < first:
            raise refused("to", _("is before from"), _("write a later day"))
        period = Period.from_inclusive(first, last)
        if period.too_long:
            text = _("choose at most %(years)s years") % {"years": LONGEST_YEARS}
            raise refused("to", _("is too long after from"), text)
        return period


class Chosen(Span):
    where: Annotated[
        list[Text],
        Field(
            max_length=50,
            description="Only this value, as dimension=value; repeat it: the same dimension adds "
            "a value, another one narrows.",
        ),
    ] = []

    @property
    def conditions(self) -> dict[str, list[str]]:
        try:
            return parse_conditions(self.where)
        except SegmentError as fault:
            fix = _("write dimension=value")
            raise not_there("where", reason_text(fault.reason), fix) from None


class Answers(Chosen):
    by: Annotated[Dimensions, Field(description="One dimension, or two of them.")] = []
    campaign: Annotated[Text, Field(description="Only answers to it, by its slug.")] = ""
    language: Annotated[Language | None, Field(description="Only answers to e-mails in it.")] = None
    compare: Annotated[Compare | None, Field(description="With which period.")] = None

    @property
    def filters(self) -> Filters:
        return Filters(
            self.period,
            by=tuple(self.by),
            where=self.conditions,
            campaign=self.campaign,
            language=self.language or "",
            compare=self.compare,
            today=timezone.localdate(),
        )


class Metrics(Answers):
    metric: Annotated[
        list[MetricKey], Field(max_length=len(BY_KEY), description="Only this one; repeat it.")
    ] = []


class Trend(Chosen):
    by: Annotated[
        Step, Field(description="rolling: the 3 or 12 months that end with each month.")
    ] = Step.MONTH

    @property
    def filters(self) -> Filters:
        return Filters(self.period, where=self.conditions, today=timezone.localdate())


class Horizon(Span):
    horizon: Annotated[int, *between(1, LONGEST_HORIZON, "Followed for so many days.")] = 180


class Evidence(Span):
    horizon: Annotated[int, *between(1, LONGEST_HORIZON, "Lost within so many days.")] = (
        HORIZON_DAYS
    )
    every: Annotated[int, *between(7, LONGEST_HORIZON, "Days between observations.")] = EVERY_DAYS

    @property
    def observed(self) -> Period:
        period = self.period
        if period.days > MOST_OBSERVATIONS * self.every:
            fix = _("choose at most %(count)s observation days: a shorter period, or every more")
            told = fix % {"count": MOST_OBSERVATIONS}
            raise refused("every", _("is too small for so long a period"), told)
        return period


class Health(Query):
    on: Annotated[Day | None, Field(description="Default: the last scored day.")] = None
    by: Annotated[Dimensions, Field(description="Name each customer's segment, too.")] = []


class OnDay(Query):
    on: Annotated[Day | None, Field(description="Default: today.")] = None


class FollowUps(Span):
    by: Annotated[Text, Field(description="Compare within this segment, too.")] = ""
