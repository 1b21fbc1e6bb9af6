"""What the list of customers says of each, on the page and in its file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from accounts.models import Customer
from accounts.queries.customers import listing as queries
from analytics.counting.last_answers import LastAnswers, last_answers, silent_customers
from analytics.queries.database.clock import day_of
from analytics.queries.health.scores import scores_of_day
from analytics.queries.health.standing import Standing, at_risk, last_scored_day, standings
from common.ordering import known_first
from surveys.domain.answers.scoring import category

AT_ONCE = 500
# In the order of the page.
WRITTEN = (
    "customer_id", "name", "health_score", "health_band", "last_score", "last_answer_on", "mrr",
    "currency", "renews_on", "owner_email", "last_contact_on", "churned_on",
)  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """What is read once for all customers, when it is first asked for; inside of one snapshot."""

    today: dt.date
    month: dt.date | None
    # Of the scores that are shown.
    day: dt.date | None

    @classmethod
    def of(cls, today: dt.date) -> Facts:
        return cls(today, queries.latest_month(), last_scored_day(until=today))

    @cached_property
    def answers(self) -> LastAnswers:
        return last_answers()


@dataclass(frozen=True, slots=True)
class Row:
    customer: Any
    health: Standing | None
    score: int | None
    answered_on: dt.date | None

    @property
    def category(self) -> str:
        return "" if self.score is None else category(self.score)

    def written(self) -> list[Any]:
        """In the order of WRITTEN."""
        of, health = self.customer, self.health
        contact = of.contacted_at and day_of(of.contacted_at)
        return [
            of.customer_id, of.name, health and health.score, health and health.band, self.score,
            self.answered_on, of.mrr_now, of.currency, of.renews_on, of.owner_email, contact,
            of.churned_on,
        ]  # fmt: skip


def ids_in_order(
    found: QuerySet[Customer], wanted: queries.CustomerFilter, facts: Facts
) -> list[int]:
    """Those of the saved view alone. What is not known comes last, either way."""
    if wanted.view == "risk":
        found = found.filter(pk__in=at_risk(day=facts.day, today=facts.today))
    elif wanted.view == "silent":
        found = found.filter(pk__in=silent_customers(facts.answers, today=facts.today))
    name = wanted.sort.removeprefix("-")
    if name not in ("health", "score", "answered"):
        ordered = queries.in_order(found, sort=wanted.sort, month=facts.month)
        return list(ordered.values_list("pk", flat=True))
    ids = list(found.order_by("pk").values_list("pk", flat=True))
    values = _values(name, ids, facts)
    return known_first(ids, value=values.get, falling=wanted.sort.startswith("-"))


def _values(name: str, ids: Sequence[int], facts: Facts) -> dict[int, Any]:
    if name == "health":
        return dict(scores_of_day(facts.day)) if facts.day else {}
    of = facts.answers.score if name == "score" else facts.answers.day
    return {pk: of(pk) for pk in ids}


def rows_of(ids: Sequence[int], facts: Facts) -> list[Row]:
    """In the order of the ids."""
    health = standings(ids, day=facts.day, today=facts.today)
    return [
        Row(each, health.get(each.pk), facts.answers.score(each.pk), facts.answers.day(each.pk))
        for each in queries.page_rows(ids, month=facts.month)
    ]


def written_rows(ids: Sequence[int], facts: Facts) -> tuple[list[str], Iterator[list[Any]]]:
    # Read now: the rows are written when the request, and its snapshot, are over.
    _ = facts.answers

    def lines() -> Iterator[list[Any]]:
        for start in range(0, len(ids), AT_ONCE):
            yield from (row.written() for row in rows_of(ids[start : start + AT_ONCE], facts))

    return list(WRITTEN), lines()
