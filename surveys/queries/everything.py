"""What the one box finds: customers, people, answers and campaigns with every word.

Names are read through, as the lists do it: 20,000 customers and 200,000 respondents are some tens
of milliseconds. Answers are a million, so the newest of them are looked through; the list of
responses looks through all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When

from accounts.queries.customers.listing import CustomerFilter, customers
from accounts.queries.search import has_words
from surveys.domain.states import WITHOUT_MAIL
from surveys.models import Campaign, Response
from surveys.queries.people.lookup import RespondentFilter, respondents

NEWEST = 50_000


@dataclass(frozen=True, slots=True)
class Hits:
    rows: Sequence[Any]
    # None: there are more, uncounted.
    total: int | None


def find_customers(text: str, *, at_most: int, today: dt.date, count: bool) -> Hits:
    found = customers(CustomerFilter(text=text), dimensions=(), today=today)
    return _hits(_best_first(found, text, id="customer_id", name="name"), at_most, count=count)


def find_people(text: str, *, at_most: int, count: bool) -> Hits:
    """By name and address: for who may see both."""
    found = respondents(RespondentFilter(text=text)).select_related("customer", "person")
    return _hits(_best_first(found, text, id="email", name="name"), at_most, count=count)


def find_campaigns(text: str, *, at_most: int, count: bool) -> Hits:
    named = Campaign.objects.filter(has_words(text, fields=["name", "slug"]))
    found = named.exclude(state__in=WITHOUT_MAIL).defer("wording", "questions")
    return _hits(_best_first(found, text, id="slug", name="name"), at_most, count=count)


def find_answers(text: str, *, at_most: int, count: bool) -> Hits:
    """By their comments, the newest first."""
    found = Response.objects.counted().with_category().filter(has_words(text, fields=["comment"]))
    if (since := _newest_since()) is not None:
        found = found.filter(answered_at__gte=since)
    asked = found.select_related(
        "invitation__campaign", "invitation__respondent__customer", "invitation__person"
    )
    return _hits(asked.order_by("-answered_at", "-pk"), at_most, count=count)


def _newest_since() -> dt.datetime | None:
    """When the last answer that is looked through was given; None: all of them are."""
    newest = Response.objects.order_by("-answered_at", "-pk").values_list("answered_at", flat=True)
    return next(iter(newest[NEWEST : NEWEST + 1]), None)


def _best_first(found: QuerySet[Any], text: str, *, id: str, name: str) -> QuerySet[Any]:
    """Who is called exactly so, then whose name begins so, then the others by name."""
    rank = Case(
        When(**{f"{id}__iexact": text}, then=Value(0)),
        When(**{f"{name}__iexact": text}, then=Value(0)),
        When(**{f"{name}__istartswith": text}, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    ranked: QuerySet[Any] = found.annotate(rank=rank)
    return ranked.order_by("rank", name, "pk")


def _hits(found: QuerySet[Any], at_most: int, *, count: bool) -> Hits:
    rows = list(found[: at_most + 1])
    if len(rows) <= at_most:
        return Hits(rows, len(rows))
    return Hits(rows[:at_most], found.count() if count else None)
