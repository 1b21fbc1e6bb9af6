"""Reads for the campaign pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from django.db.models import F, QuerySet
from django.db.models.fields.json import KeyTextTransform

from accounts.domain.imports.file_columns import RESPONDENT_DIMENSIONS
from accounts.domain.segments import MRR
from accounts.models import Customer, Dimension, MonthlyRevenue, Respondent, Suppression
from accounts.queries.search import has_words
from surveys.domain.campaigns.ranges import Kind, kind_of
from surveys.domain.states import UNFINISHED
from surveys.models import Campaign
from surveys.queries.answers.by_campaign import with_counts
from surveys.queries.campaigns.audience import RENEWS, STARTED

MAX_CHOICES = 50
# As a state of the list's filter: those that were put away, whatever they were before.
ARCHIVED = "archived"
# Column head to column; the name of each is a field of the campaign, or a count.
SORTS = {
    "name": "name",
    "starts": "starts_at",
    "asked": "asked",
    "answered": "answered",
    "rate": "response_rate",
}
COUNTS = {"asked", "answered", "response_rate"}


@dataclass(frozen=True)
class Choices:
    """The values of a dimension, in their order, as far as they are listed."""

    values: list[str]
    there_are_more: bool = False
    # What a campaign's audience can be chosen by of it.
    kind: Kind = Kind.VALUES


def audience_choices() -> dict[tuple[str, str], Choices]:
    """The values that occur in each dimension, under its (name, label)."""
    rows = {
        Dimension.Source.RESPONDENT: cache(Respondent.objects.count),
        Dimension.Source.CUSTOMER: cache(Customer.objects.count),
    }
    return {
        (dimension.name, str(dimension)): _values_of(
            dimension, rows=rows[Dimension.Source(dimension.source)]
        )
        for dimension in Dimension.objects.all()
        if dimension.name != "language"
    }


def facts_known() -> dict[str, Kind]:
    """What customers can be chosen by beside their attributes, where something is known of it."""
    found = {
        MRR: (Kind.NUMBER, MonthlyRevenue.objects.all()),
        STARTED: (Kind.DATE, Customer.objects.filter(started_on__isnull=False)),
        RENEWS: (Kind.DATE, Customer.objects.filter(renews_on__isnull=False)),
    }
    return {name: kind for name, (kind, rows) in found.items() if rows.exists()}


def _values_of(dimension: Dimension, *, rows: Callable[[], int]) -> Choices:
    if bands := dimension.definition.bands:
        return Choices(list(bands.labels))
    respondents = dimension.source == Dimension.Source.RESPONDENT
    people: QuerySet[Respondent] | QuerySet[Customer] = (
        Respondent.objects.all() if respondents else Customer.objects.all()
    )
    name = dimension.attribute
    value = F(name) if name in RESPONDENT_DIMENSIONS else KeyTextTransform(name, "attributes")
    found = people.annotate(found=value)
    texts = found.order_by("found").values_list("found", flat=True).distinct()
    found_values = sorted({text or "" for text in texts[: MAX_CHOICES + 1]})
    kind = kind_of(found_values, rows=rows())
    return Choices(found_values[:MAX_CHOICES], len(found_values) > MAX_CHOICES, kind)


def unfinished_asking_by(name: str) -> list[Campaign]:
    """Drafts and campaigns under way whose audience is chosen by the segment, newest first."""
    unfinished = Campaign.objects.filter(state__in=UNFINISHED).order_by("-pk")
    return [each for each in unfinished if each.audience.get(name)]


def campaigns_found(*, text: str, state: str, sort: str) -> QuerySet[Campaign] | list[Campaign]:
    """With every word in the name; what is not known comes last, the newest of equals first.

    A list, with its counts, where it is in their order: those of a page are counted otherwise.
    """
    found = Campaign.objects.filter(has_words(text, fields=["name", "slug"]))
    found = found.filter(archived_at__isnull=state != ARCHIVED)
    if state and state != ARCHIVED:
        found = found.filter(state=state)
    name, falling = SORTS.get(sort.removeprefix("-"), "pk"), sort.startswith("-")
    if name in COUNTS:
        return _by_count(with_counts(found.order_by("-pk")), name, falling=falling)
    by = F(name)
    falling = falling or sort not in SORTS
    order = by.desc(nulls_last=True) if falling else by.asc(nulls_last=True)
    return found.order_by(order, "-pk")


def _by_count(campaigns: list[Campaign], name: str, *, falling: bool) -> list[Campaign]:
    known = [each for each in campaigns if getattr(each, name) is not None]
    unknown = [each for each in campaigns if getattr(each, name) is None]
    return sorted(known, key=lambda each: getattr(each, name), reverse=falling) + unknown


def stopped_by(person_ids: Iterable[int]) -> dict[int, list[Suppression]]:
    """What keeps persons from all e-mails, each with where it came from and when."""
    found: dict[int, list[Suppression]] = {}
    active = Suppression.objects.active().filter(person__in=list(person_ids))
    for each in active.order_by("created_at"):
        found.setdefault(each.person_id, []).append(each)
    return found


def respondents_in_order(
    wanted: Sequence[tuple[int, dt.datetime | None]],
) -> list[tuple[Respondent, dt.datetime | None]]:
    """The respondents of a page, each beside the moment that came with its id."""
    rows = Respondent.objects.select_related("customer").in_bulk([pk for pk, _ in wanted])
    return [(rows[pk], moment) for pk, moment in wanted if pk in rows]
