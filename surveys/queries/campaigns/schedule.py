from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache

from django.db.models import QuerySet

from surveys.domain.states import CLAIMABLE, COUNTED, InvitationState
from surveys.domain.timing import Pace
from surveys.models import Campaign, Invitation
from surveys.queries.calendar.calendars import Hours, SendTime, zone_named


class Schedule:
    """Hands out the moments at which a campaign's mails leave, going on where it had come to.

    `replan`: the moments of those that are queued are handed out again.
    """

    def __init__(self, campaign: Campaign, *, now: dt.datetime, replan: bool = False) -> None:
        self._campaign = campaign
        self._start = max(now, campaign.starts_at or now)
        self._replan = replan
        self._pace = cache(self._read_pace)
        self._reminder_pace = cache(self._read_reminder_pace)
        self._openings: dict[str, SendTime] = {}
        self._unused: dict[str, SendTime] = {}
        self.hours = Hours(campaign)

    def next(self, zone_name: str, *, before: dt.datetime | None = None) -> SendTime | None:
        """When the next mail to this zone leaves; None where that is too late or the campaign over.

        Then the moment is the next one's, who may have more time.
        """
        moment = self._unused.pop(zone_name, None) or self.next_without_end(zone_name)
        if any(each and moment.at >= each for each in (before, self._campaign.ends_at)):
            self._unused[zone_name] = moment
            return None
        return moment

    def next_without_end(self, zone_name: str) -> SendTime:
        if self._campaign.per_hour:
            return self._paced(self._pace(), zone_name, self._start)
        return self._opening(zone_name)

    def reminder(self, zone_name: str, *, not_before: dt.datetime) -> SendTime:
        """Reminders go at the campaign's pace, too, beside its other e-mails: behind all of those
        that wait their links would have closed."""
        start = max(self._start, not_before)
        if self._campaign.per_hour:
            return self._paced(self._reminder_pace(), zone_name, start)
        return self.hours.from_then(start, zone_name)

    def _opening(self, zone_name: str) -> SendTime:
        if zone_name not in self._openings:
            self._openings[zone_name] = self.hours.from_then(self._start, zone_name)
        return self._openings[zone_name]

    def _paced(self, pace: Pace, zone_name: str, not_before: dt.datetime) -> SendTime:
        moment = pace.take(
            not_before=not_before,
            zone=zone_named(zone_name),
            window=self.hours.window,
            is_holiday=self.hours.is_holiday,
        )
        return self.hours.at(moment, zone_name)

    def _read_pace(self) -> Pace:
        return self._pace_beside(_moments(self._given_out(), "send_at"))

    def _read_reminder_pace(self) -> Pace:
        return self._pace_beside(self._reminders())

    def _pace_beside(self, used: Iterator[dt.datetime]) -> Pace:
        start = self._campaign.starts_at or self._start
        return Pace(start, per_hour=self._campaign.per_hour or 1, used=used)

    def _reminders(self) -> Iterator[dt.datetime]:
        """Of those that wait; they are handed out again, too, where the others are."""
        if self._replan or self._campaign.reminder_after_days is None:
            return iter(())
        waiting = Invitation.objects.filter(
            campaign_id=self._campaign.pk,
            reminder_state__in=CLAIMABLE,
            reminder_send_at__gte=self._start,
        )
        return _moments(waiting, "reminder_send_at")

    def _given_out(self) -> QuerySet[Invitation]:
        states = CLAIMABLE | COUNTED
        if self._replan:
            states = states - {InvitationState.QUEUED}
        return Invitation.objects.filter(
            campaign_id=self._campaign.pk, state__in=states, send_at__gte=self._start
        )


def _moments(rows: QuerySet[Invitation], column: str) -> Iterator[dt.datetime]:
    known = rows.order_by(column).values_list(column, flat=True).iterator(chunk_size=10_000)
    return (moment for moment in known if moment is not None)
