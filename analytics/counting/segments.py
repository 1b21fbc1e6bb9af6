"""Answers and invitations by segment: in those that were frozen when they were asked, or of now."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Case, QuerySet, Value, When
from numpy.typing import NDArray

from accounts.queries.customers.owners import accounts_of
from analytics.counting.cells.answers import Answers, known_customers, read_answers
from analytics.counting.cells.invitations import count_invitations, language_number
from analytics.domain.answers.cells import Totals, joined
from analytics.domain.answers.rates.asked import Asked
from analytics.domain.answers.rates.response_rates import AskedGroups
from analytics.domain.answers.samples import GroupedAnswers, grouped_answers
from analytics.domain.answers.satisfaction import Satisfaction
from analytics.domain.answers.scores import CATEGORY_COUNTS, COUNT_COLUMNS
from analytics.domain.periods import Period
from analytics.queries.answers.campaigns import imported_campaigns
from analytics.queries.answers.profiles import Segments, all_profiles, numbers_by_profile
from analytics.queries.answers.satisfaction import SatisfactionRows, read_satisfaction
from analytics.queries.customers.respondents import CurrentSegments, current_segments
from analytics.queries.customers.table import account_ids
from analytics.queries.database.clock import bounds
from analytics.queries.database.columns import columns_with_keys, packed_groups
from analytics.queries.filters import Scope
from surveys.domain.states import ASKED
from surveys.models import Invitation, Response


def answers_by_segment(scope: Scope, *, periods: Sequence[Period]) -> AnswersBySegment:
    """In the segments that were frozen, or in those of now where that is asked for."""
    if scope.filters.as_of is None:
        return AnswersByFrozenSegment(scope, periods=periods)
    return AnswersByCurrentSegment(scope, today=scope.filters.as_of)


@dataclass(frozen=True, slots=True, eq=False)
class AnswerColumns:
    """Counts by the number of a segment and by the customer (0: not known)."""

    segments: NDArray[np.int64]
    totals: Totals

    def grouped(self, *, segments: int) -> GroupedAnswers:
        counts = {name: getattr(self.totals, name) for name in COUNT_COLUMNS}
        customers = known_customers(self.totals.customers)
        return grouped_answers(self.segments, customers, counts, size=segments)


class AnswersBySegment(ABC):
    """The answers and e-mails that a scope chooses, by the numbers of the segments."""

    segments: Segments

    @abstractmethod
    def columns(self, period: Period) -> AnswerColumns: ...

    @abstractmethod
    def asked(self, period: Period) -> AskedGroups: ...

    @abstractmethod
    def asked_by_part(self, parts: Sequence[Period]) -> AskedGroups:
        """By the places of the periods instead, which share no day."""

    @abstractmethod
    def satisfaction(self, period: Period) -> Satisfaction: ...

    def grouped(self, period: Period) -> GroupedAnswers:
        return self.columns(period).grouped(segments=len(self.segments))

    def by_part(self, parts: Sequence[Period]) -> GroupedAnswers:
        """By the places of the periods instead, for trends."""
        found = [self.columns(part) for part in parts]
        numbers = np.repeat(np.arange(len(parts)), [len(each.totals) for each in found])
        totals = joined([each.totals for each in found], of=Totals)
        return AnswerColumns(numbers, totals).grouped(segments=len(parts))


class AnswersByFrozenSegment(AnswersBySegment):
    """The answers and invitations that a scope chooses, from one reading of the ledger."""

    def __init__(self, scope: Scope, *, periods: Sequence[Period]) -> None:
        filters = scope.filters
        self._campaign, self._language = scope.campaign_id, filters.language
        self._answers: Answers = read_answers(
            periods, campaign=self._campaign, language=self._language
        )
        self.segments = Segments(filters.by)
        self._numbers = numbers_by_profile(
            all_profiles(), segments=self.segments, where=filters.where
        )
        self._owner = filters.owner
        self._owned = account_ids(filters.owner) if filters.owner else []

    def columns(self, period: Period) -> AnswerColumns:
        totals = self._answers.totals(period)
        segments = self._numbers[totals.profiles]
        chosen = (segments >= 0) & self._is_owned(totals.customers)
        if not chosen.all():
            segments, totals = segments[chosen], totals.chosen(chosen)
        return AnswerColumns(segments, totals)

    def asked(self, period: Period) -> AskedGroups:
        _, segments, asked = self._asked([period])
        return _asked_groups(segments, asked, size=len(self.segments))

    def asked_by_part(self, parts: Sequence[Period]) -> AskedGroups:
        places, _, asked = self._asked(parts)
        return _asked_groups(places, asked, size=len(parts))

    def _asked(
        self, periods: Sequence[Period]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], Asked]:
        places, asked = count_invitations(periods, unfolded=self._answers.unfolded)
        segments = self._numbers[asked.profiles]
        chosen = (segments >= 0) & self._is_owned(asked.customers)
        if self._campaign is not None:
            chosen &= asked.campaigns == self._campaign
        if self._language:
            chosen &= asked.languages == language_number(self._language)
        if chosen.all():
            return places, segments, asked
        return places[chosen], segments[chosen], asked.chosen(chosen)

    def _is_owned(self, customers: NDArray[np.uint32]) -> NDArray[np.bool_] | bool:
        """True: of all customers, whoever owns them."""
        return np.isin(known_customers(customers), self._owned) if self._owner else True

    def satisfaction(self, period: Period) -> Satisfaction:
        rows = read_satisfaction(
            period, campaign=self._campaign, language=self._language, owner=self._owner
        )
        return _satisfaction(rows, segments=self._numbers[rows.profiles])


class AnswersByCurrentSegment(AnswersBySegment):
    """The answers themselves are read, as packed columns.

    Cells know what was frozen and whose customer it was, not the respondent whose values may have
    changed.
    """

    def __init__(self, scope: Scope, *, today: dt.date) -> None:
        self._scope = scope
        self.segments = Segments(scope.filters.by)
        used = {each.name: each.definition for each in (*scope.dimensions, *scope.conditions)}
        self._respondents: CurrentSegments = current_segments(
            list(used.values()), segments=self.segments, where=scope.filters.where, today=today
        )

    def columns(self, period: Period) -> AnswerColumns:
        first, end = bounds(period)
        rows = Response.objects.counted().filter(answered_at__gte=first, answered_at__lt=end)
        segments, customers, scores = self._read(rows, "invitation__", "score")
        counts = {name: CATEGORY_COUNTS[name][scores] for name in COUNT_COLUMNS}
        totals = Totals(customers, np.zeros_like(customers), **counts)
        return AnswerColumns(segments, totals)

    def asked(self, period: Period) -> AskedGroups:
        segments, *columns = self._asked(period)
        return _asked_rows(segments, columns, size=len(self.segments))

    def asked_by_part(self, parts: Sequence[Period]) -> AskedGroups:
        found = [self._asked(part) for part in parts]
        places = np.repeat(np.arange(len(parts)), [each.shape[1] for each in found])
        _, *columns = np.concatenate(found, axis=1)
        return _asked_rows(places, columns, size=len(parts))

    def _asked(self, period: Period) -> NDArray[np.int64]:
        """Segment, customer, whether there is a counted answer, and whether it was imported."""
        first, end = bounds(period)
        rows = Invitation.objects.filter(state__in=ASKED, sent_at__gte=first, sent_at__lt=end)
        return self._read(
            rows, "", _one_if(response__suspect=False), _one_if(campaign__in=imported_campaigns())
        )

    def satisfaction(self, period: Period) -> Satisfaction:
        scope, filters = self._scope, self._scope.filters
        rows = read_satisfaction(
            period, campaign=scope.campaign_id, language=filters.language, owner=filters.owner
        )
        return _satisfaction(rows, segments=self._respondents.numbers[rows.respondents])

    def _read(self, rows: QuerySet[Any], invitation: str, *columns: Any) -> NDArray[np.int64]:
        """Segment, customer and the columns of the rows that the scope lets through."""
        named = [f"{invitation}respondent_id", *columns]
        found = _packed(_narrowed(rows, invitation, self._scope), named)
        respondents, *values = found[:, self._respondents.numbers[found[0]] >= 0]
        numbers, customers = self._respondents.numbers, self._respondents.customers
        return np.stack([numbers[respondents], customers[respondents], *values])


def _narrowed(rows: QuerySet[Any], invitation: str, scope: Scope) -> QuerySet[Any]:
    if scope.campaign_id is not None:
        rows = rows.filter(**{f"{invitation}campaign": scope.campaign_id})
    if scope.filters.language:
        rows = rows.filter(**{f"{invitation}language": scope.filters.language})
    if scope.filters.owner:
        owned = accounts_of(scope.filters.owner)
        rows = rows.filter(**{f"{invitation}respondent__customer__in": owned})
    return rows


def _packed(rows: QuerySet[Any], columns: Sequence[Any]) -> NDArray[np.int64]:
    groups = packed_groups(rows, by=[], columns=columns)
    # A copy, which may be written to.
    return np.array(columns_with_keys(groups, width=len(columns))[0])


def _asked_groups(groups: NDArray[np.int64], asked: Asked, *, size: int) -> AskedGroups:
    """Of others than ours only as far as there are any."""
    imported = np.isin(asked.campaigns, imported_campaigns())
    found = np.bincount(groups[imported], weights=asked.invited[imported], minlength=size)
    counts = {"passives": asked.invited - asked.answered, "promoters": asked.answered}
    customers = known_customers(asked.customers)
    answers = grouped_answers(groups, customers, counts, size=size)
    return AskedGroups(answers, found.astype(np.int64).tolist())


def _asked_rows(
    groups: NDArray[np.int64], columns: Sequence[NDArray[np.int64]], *, size: int
) -> AskedGroups:
    customers, answered, imported = columns
    counts = {"passives": 1 - answered, "promoters": answered}
    found = np.bincount(groups, weights=imported, minlength=size)
    answers = grouped_answers(groups, customers, counts, size=size)
    return AskedGroups(answers, found.astype(np.int64).tolist())


def _one_if(**condition: Any) -> Case:
    return Case(When(**condition, then=Value(1)), default=Value(0))


def _satisfaction(rows: SatisfactionRows, *, segments: NDArray[np.int64]) -> Satisfaction:
    found = Satisfaction(segments, rows.customers, rows.days, rows.scores, rows.values)
    return found.chosen(segments >= 0)
