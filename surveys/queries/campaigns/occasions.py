"""What a campaign that goes on asks whom for, and the slots that others keep for theirs."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from itertools import takewhile
from typing import Any

from django.conf import settings
from django.db.models import Max, Q

from accounts.models import Respondent
from accounts.queries.merges import merges
from surveys.domain.campaigns.occasions import (
    Occasion,
    Repeat,
    Rounds,
    around,
    kept_for,
    rest_of,
    share_of,
)
from surveys.domain.frequency import LATE_AT_MOST, WINDOW, Kept
from surveys.models import Campaign, Invitation
from surveys.queries.calendar.calendars import Hours, zone_named
from surveys.queries.calendar.days import day_of
from surveys.queries.campaigns.audience import AudienceTest
from surveys.queries.campaigns.dates import Row, dates_of


class Occasions:
    """The occasions of one campaign; the dates of a batch of respondents are read before."""

    def __init__(self, campaign: Campaign, *, now: dt.datetime) -> None:
        self.campaign = campaign
        self.now = now
        self.rest = rest_of(Repeat(campaign.repeat), months=campaign.every_months or 0)
        self._zone = zone_named(settings.TIME_ZONE)
        self._dates: dict[int, dt.date] = {}
        self._is_open = Hours(campaign).is_open
        start = day_of(campaign.starts_at or now)
        months, late = campaign.every_months or 1, campaign.latest_days
        self._rounds = Rounds(start, months, late, self._is_open, self._zone)

    def read(self, rows: Collection[Row]) -> None:
        if self.campaign.repeat == Repeat.DATE:
            self._dates = dates_of(self.campaign.date_name, rows, now=self.now)

    def next(self, respondent_id: int, person_id: int) -> Occasion | None:
        """The one that is open or comes next, or has passed; None where no date is known."""
        return next(self._all(respondent_id, person_id), None)

    def until(
        self,
        respondent_id: int,
        person_id: int,
        end: dt.datetime,
        *,
        asked: dt.datetime | None = None,
    ) -> list[Occasion]:
        """Those that begin before `end`, are not over, and of which `asked` was none yet."""
        end = min(end, self.campaign.ends_at or end)
        begun = takewhile(lambda each: each.due_at < end, self._all(respondent_id, person_id))
        return [
            each
            for each in begun
            if each.over_at > self.now and (asked is None or asked < each.due_at - self.rest)
        ]

    def _all(self, respondent_id: int, person_id: int) -> Iterator[Occasion]:
        if self.campaign.repeat == Repeat.EVERY:
            share = share_of(person_id, campaign_id=self.campaign.pk or 0)
            yield from self._rounds.occasions(share, day=day_of(self.now))
        elif (base := self._dates.get(respondent_id)) is not None:
            yield around(
                base,
                days=self.campaign.date_days,
                latest_days=self.campaign.latest_days,
                is_open=self._is_open,
                zone=self._zone,
            )


class Reservations:
    """What campaigns that keep a slot are still to ask people for, within a year."""

    def __init__(self, campaign: Campaign, *, now: dt.datetime) -> None:
        self._now = now
        # Read with the first batch, for all of them.
        self._merged = cache(merges)
        others = Campaign.objects.going_on().filter(reserves_slot=True)
        # Among themselves they have equal rights.
        self._of = [
            (Occasions(each, now=now), AudienceTest.of(each, day=day_of(now)))
            for each in (others.none() if campaign.reserves_slot else others)
        ]

    def __bool__(self) -> bool:
        return bool(self._of)

    def moments(self, keys: Mapping[str, Any]) -> dict[int, tuple[Kept, ...]]:
        found: dict[int, list[Kept]] = defaultdict(list)
        for occasions, audience in self._of:
            for person, moment in self._moments_of(occasions, audience, keys):
                found[person].append(moment)
        return {person: tuple(moments) for person, moments in found.items()}

    def _moments_of(
        self, occasions: Occasions, audience: AudienceTest, keys: Mapping[str, Any]
    ) -> Iterator[tuple[int, Kept]]:
        people = Respondent.objects.filter(**keys, person__merged_into__isnull=True)
        if not occasions.campaign.asks_former:
            people = people.exclude(customer__churned_on__lte=day_of(self._now))
        languages = occasions.campaign.languages
        if languages:
            people = people.filter(language__in=languages)
        rows = list(people.values_list("pk", "person_id", *audience.columns))
        audience.read_customers(customer for _, _, customer, *_ in rows)
        occasions.read([(pk, customer) for pk, _, customer, *_ in rows])
        asked = last_asked(occasions.campaign, keys, merged=self._merged())
        end = self._now + WINDOW + LATE_AT_MOST
        gap = dt.timedelta(days=occasions.campaign.minimum_gap_days)
        for pk, person, *about in rows:
            if audience.holds(*about):
                for each in occasions.until(pk, person, end, asked=asked.get(person)):
                    yield person, kept_for(each, gap=gap)


def last_asked(
    campaign: Campaign, keys: Mapping[str, Any], *, merged: Mapping[int, int]
) -> dict[int, dt.datetime]:
    """When each person's latest e-mail of the campaign leaves or left, whatever became of it.

    `merged`: who turned out to be whom; what either was asked, both were.
    """
    own = Q(**keys) | Q(person__in=merged_into(keys, merged))
    rows = Invitation.objects.filter(own, campaign_id=campaign.pk, send_at__isnull=False)
    latest: dict[int, dt.datetime] = {}
    for member, last in rows.order_by().values_list("person_id").annotate(last=Max("send_at")):
        person = merged.get(member, member)
        latest[person] = max(last, latest.get(person, last))
    return latest


def merged_into(keys: Mapping[str, Any], merged: Mapping[int, int]) -> list[int]:
    """Those who turned out to be somebody of the batch."""
    if (persons := keys.get("person_id__in")) is not None:
        wanted = set(persons)
        return [gone for gone, kept in merged.items() if kept in wanted]
    low, high = keys["person_id__gt"], keys.get("person_id__lte")
    return [gone for gone, kept in merged.items() if kept > low and (high is None or kept <= high)]
