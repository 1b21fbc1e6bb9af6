"""What the metrics of a period read, in one go, and what was ever told of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import replace
from functools import partial

from accounts.domain.facts.events import EventKind
from accounts.domain.facts.known import EVENTS, USAGE, Told, event_fact, usage_fact
from accounts.models import Event
from accounts.queries.facts.known import known_facts
from accounts.queries.metrics import metric_settings
from analytics.domain.customers.known import Known, fell_by_chance
from analytics.domain.metrics import catalogue
from analytics.domain.metrics.facts import Choices, Facts
from analytics.domain.periods import ONE_DAY, Period
from analytics.queries.customers.table import customer_table
from analytics.queries.database.clock import bounds
from analytics.queries.database.snapshot import once
from analytics.queries.facts.events import all_events
from analytics.queries.facts.terms import renewal_dates
from analytics.queries.facts.use import use_until

RENEWS_ON = "renews_on"
# Known from the first file that had them: they say what lies before it, too.
SAY_OF_BEFORE = {RENEWS_ON, catalogue.SEATS}


def choices() -> Choices:
    stored = metric_settings()
    return Choices(
        stored.onboarding_days,
        float(stored.margin),
        float(stored.discount),
        stored.engagement_measure.key if stored.engagement_measure else "",
        None if stored.engagement_from is None else float(stored.engagement_from),
    )


def facts_of(
    period: Period, *, needed: Collection[str], today: dt.date, chosen: Choices | None = None
) -> Facts:
    """With what belongs to the facts that are needed; an event is read from the beginning on."""
    kinds = [kind for kind in EventKind if event_fact(kind) in needed]
    renewals = once("renewal dates", renewal_dates)[["customer", RENEWS_ON]]
    dates, events = customer_table().dates, all_events(kinds)
    found = Facts(period, today, dates, events, renewals, chosen or choices())
    use = {catalogue.ENGAGEMENT, catalogue.USAGE} & set(needed)
    if not use:
        return found
    last_day = (found.end - ONE_DAY).date()
    measure = found.choices.measure if catalogue.ENGAGEMENT in use else ""
    return replace(found, use=use_until(last_day, measure=measure, any_use=catalogue.USAGE in use))


class KnownFacts:
    """What is known of a period, or of its last days, as far as they have come."""

    def __init__(self, period: Period, *, today: dt.date, chosen: Choices | None = None) -> None:
        self._told = once("known facts", known_facts)
        self._start, self._end = period.start, min(period.end, today + ONE_DAY)
        self._choices = chosen or choices()

    def within(self, window_days: int | None = None) -> set[str]:
        """Of nearly all of its days, or of the last so many."""
        start = self._start
        if window_days is not None:
            start = self._end - dt.timedelta(days=window_days)
        if self._start >= self._end:
            return set()
        come = Period(start, self._end)
        known = {name for name, told in self._told.items() if self._covers(name, told, come)}
        return known | (SAY_OF_BEFORE & self._told.keys()) | self._others(known)

    def _covers(self, name: str, told: Told, come: Period) -> bool:
        since = told.since
        if name.startswith(EVENTS) and come.start < since < come.end:
            since = self._known_since(name.removeprefix(EVENTS), told, come)
        return Known(since, told.until).covers(come)

    def _known_since(self, kind: str, told: Told, come: Period) -> dt.date:
        """Before the first event there may have been none: it is doubted only if chance hardly
        puts all of them behind it."""
        until = max(told.until, told.since)
        number = once(
            f"events told of {kind}", partial(_count, kind, Period(told.since, until + ONE_DAY))
        )
        before, after = (told.since - come.start).days, (until - told.since).days + 1
        chance = fell_by_chance(number, before=before, after=after)
        return come.start if chance else told.since

    def _others(self, known: Collection[str]) -> set[str]:
        """What is no fact of its own: any usage, and engagement as it was chosen."""
        found = set()
        if any(name.startswith(USAGE) for name in known):
            found.add(catalogue.USAGE)
        if self._choices.chooses_engagement and usage_fact(self._choices.measure) in known:
            found.add(catalogue.ENGAGEMENT)
        return found


def _count(kind: str, period: Period) -> int:
    first, end = bounds(period)
    return Event.objects.filter(kind=kind, at__gte=first, at__lt=end).count()
