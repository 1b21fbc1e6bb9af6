"""What customers' respondents answered."""

from __future__ import annotations

import datetime as dt

import numpy as np
from django.db.models import Case, DateTimeField, F, Value, When
from numpy.typing import NDArray

from analytics.domain.health.facts.asked import AccountNps, ResponseRate, answers_by_day
from analytics.domain.health.facts.series import Latest, Series
from analytics.domain.health.formulas.sources import Source
from analytics.domain.periods import Period
from analytics.queries.answers.satisfaction import read_satisfaction
from analytics.queries.database.clock import days_of, midnight
from analytics.queries.database.columns import Moment, day_of_number, seconds_of_moments
from analytics.queries.health.sources.places import Customers, read_columns
from surveys.domain.states import ASKED
from surveys.models import Invitation, Response

# Before any answer; stands for the one that has not come.
NEVER = dt.datetime(1971, 1, 1, tzinfo=dt.UTC)
OF_CUSTOMER = "invitation__respondent__customer_id"


def nps_last(source: Source, customers: Customers) -> Series:
    pks, _, moments, scores = _answers(customers)
    places, known = customers.places(pks)
    days = _days(moments)
    values = scores.astype(np.float64)
    return Latest(
        answers_by_day(len(customers), places[known], moments[known], days[known], values[known])
    )


def nps_account(source: Source, customers: Customers) -> Series:
    pks, respondents, moments, scores = _answers(customers)
    places, known = customers.places(pks)
    people, numbers = np.unique(respondents[known], return_inverse=True)
    owners = np.zeros(len(people), dtype=np.intp)
    owners[numbers] = places[known]
    moments, values = moments[known], scores[known].astype(np.float64)
    rows = answers_by_day(len(people), numbers, moments, _days(moments), values)
    return AccountNps(rows, owners, len(customers))


def csat_last(source: Source, customers: Customers) -> Series:
    period = Period.from_inclusive(day_of_number(0), day_of_number(customers.last))
    found = read_satisfaction(period, campaign=None, language="")
    days = found.days.astype("datetime64[D]").astype(np.int64)
    return Latest(customers.rows(found.customers, days, found.values.astype(np.float64)))


def response_rate(source: Source, customers: Customers) -> Series:
    """As reports count: what was sent, and imported answers that say when they were asked for."""
    came = When(response__suspect=False, then=F("response__answered_at"))
    rows = Invitation.objects.filter(
        state__in=ASKED, sent_at__lt=_end(customers), respondent__customer__isnull=False
    ).annotate(came_at=Case(came, default=Value(NEVER), output_field=DateTimeField()))
    pks, asked, answered = read_columns(
        rows, "respondent__customer_id", Moment("sent_at"), Moment("came_at")
    )
    days = np.where(answered >= asked, _days(answered), np.inf)
    return ResponseRate(customers.rows(pks, _days(asked), days))


def _answers(customers: Customers) -> NDArray[np.int64]:
    """Customer, respondent, moment and score of each counted answer until the last day."""
    rows = Response.objects.counted().filter(
        answered_at__lt=_end(customers), invitation__respondent__customer__isnull=False
    )
    return read_columns(
        rows, OF_CUSTOMER, "invitation__respondent_id", Moment("answered_at"), "score"
    )


def _end(customers: Customers) -> dt.datetime:
    return midnight(day_of_number(customers.last + 1))


def _days(moments: NDArray[np.int64]) -> NDArray[np.int64]:
    return days_of(seconds_of_moments(moments)).astype(np.int64)
