from __future__ import annotations

import datetime as dt

from surveys.calendars import holidays_of, send_window, zone_named
from surveys.domain.states import CLAIMABLE, COUNTED
from surveys.domain.timing import Pace, next_allowed
from surveys.models import Campaign, Invitation


class Schedule:
    """Hands out the moments at which a campaign's mails leave, going on where it had come to."""

    def __init__(self, campaign: Campaign, *, now: dt.datetime) -> None:
        self._campaign = campaign
        self._start = max(now, campaign.starts_at or now)
        self._window = send_window(campaign)
        self._is_holiday = holidays_of(campaign.holidays_of)
        self._pace: Pace | None = None
        self._openings: dict[str, dt.datetime] = {}

    def next(self, zone_name: str) -> dt.datetime | None:
        """When the next mail to this zone leaves; None where the campaign ends before."""
        moment = self._paced(zone_name) if self._campaign.per_hour else self._opening(zone_name)
        ends_at = self._campaign.ends_at
        return None if ends_at is not None and moment >= ends_at else moment

    def _opening(self, zone_name: str) -> dt.datetime:
        if zone_name not in self._openings:
            self._openings[zone_name] = next_allowed(
                self._start,
                zone=zone_named(zone_name),
                window=self._window,
                is_holiday=self._is_holiday,
            )
        return self._openings[zone_name]

    def _paced(self, zone_name: str) -> dt.datetime:
        if self._pace is None:
            self._pace = self._read_pace()
        return self._pace.take(
            not_before=self._start,
            zone=zone_named(zone_name),
            window=self._window,
            is_holiday=self._is_holiday,
        )

    def _read_pace(self) -> Pace:
        planned = Invitation.objects.filter(
            campaign=self._campaign, state__in=CLAIMABLE | COUNTED, send_at__gte=self._start
        )
        used = planned.order_by("send_at").values_list("send_at", flat=True)
        return Pace(
            self._campaign.starts_at or self._start,
            per_hour=self._campaign.per_hour or 1,
            used=(moment for moment in used.iterator(chunk_size=10_000) if moment is not None),
        )
