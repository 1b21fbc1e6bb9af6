"""The breakers of recipient domains on the database, shared by all workers.

The empty domain stands for our own mail server: when it cannot be reached, no recipient's domain
is to blame.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction

from surveys.domain.mail.breakers import DomainBreaker
from surveys.models import DomainHealth
from surveys.sending.transports.base import Result

OURS = ""
NOBODY = "-"  # no domain has this name
RECENT_KEPT = 200


class Gate:
    """What one batch knows of its domains; only refusals and what follows them touch the table."""

    def __init__(self, domains: Iterable[str]) -> None:
        rows = DomainHealth.objects.filter(domain__in={*domains, OURS})
        self._known = {row.domain: as_rule(row) for row in rows}
        self._unwritten: dict[str, list[tuple[dt.datetime, bool]]] = defaultdict(list)

    def pass_for(self, domain: str, *, now: dt.datetime) -> tuple[str, str] | dt.datetime:
        """The domains whose breaker the claim must find closed, or when to try again.

        A breaker that we were let through as its one probe is not looked at by the claim.
        """
        names = []
        for name in (domain, OURS):
            breaker = self._known.get(name)
            if breaker is None or breaker.open_until is None:
                names.append(name)
                continue
            admitted = _admit(name, now=now)
            if isinstance(admitted, dt.datetime):
                return admitted
            names.append(NOBODY if admitted else name)
        return names[0], names[1]

    def closed_until(self, domain: str) -> dt.datetime | None:
        """Its own breaker, or that of our mail server, as far as this batch knows."""
        opened = (self._known[name].open_until for name in (domain, OURS) if name in self._known)
        return max(filter(None, opened), default=None)

    def record(self, domain: str, result: Result, *, now: dt.datetime) -> None:
        refused = result.verdict.domain_refused
        if refused and result.at_our_server:
            self._note(OURS, refused=True, now=now)
            return
        self._note(OURS, refused=False, now=now)
        self._note(domain, refused=refused, now=now)

    def _note(self, domain: str, *, refused: bool, now: dt.datetime) -> None:
        entries = self._unwritten[domain]
        entries.append((now, refused))
        del entries[:-RECENT_KEPT]
        if refused or _is_watched(self._known.get(domain), now=now):
            self._known[domain] = write(domain, entries)
            entries.clear()


def write(domain: str, entries: Iterable[tuple[dt.datetime, bool]]) -> DomainBreaker:
    """Add what was seen to a domain's row, under its lock."""
    DomainHealth.objects.get_or_create(domain=domain)
    with transaction.atomic():
        row = DomainHealth.objects.select_for_update().get(domain=domain)
        breaker = as_rule(row)
        for moment, refused in entries:
            breaker = breaker.record(refused=refused, now=moment)
        save(row, breaker)
    return breaker


def as_rule(row: DomainHealth) -> DomainBreaker:
    recent = tuple((dt.datetime.fromisoformat(at), refused) for at, refused in row.recent)
    return DomainBreaker(
        refused_in_a_row=row.refused_in_a_row,
        recent=recent,
        open_until=row.open_until,
        times_opened=row.times_opened,
        probe_at=row.probe_at,
        failing_since=row.failing_since,
    )


def _admit(domain: str, *, now: dt.datetime) -> bool | dt.datetime:
    """True: go as the one probe. False: it has closed meanwhile. Else when to come again."""
    with transaction.atomic():
        row = DomainHealth.objects.select_for_update().get(domain=domain)
        breaker = as_rule(row)
        if breaker.open_until is None:
            return False
        admitted = breaker.admit(now=now)
        if admitted is None:
            return max(breaker.open_until, now + dt.timedelta(minutes=1))
        save(row, admitted)
    return True


def save(row: DomainHealth, breaker: DomainBreaker) -> None:
    row.refused_in_a_row = breaker.refused_in_a_row
    row.recent = [[at.isoformat(), refused] for at, refused in breaker.recent[-RECENT_KEPT:]]
    row.open_until = breaker.open_until
    row.times_opened = breaker.times_opened
    row.probe_at = breaker.probe_at
    row.failing_since = breaker.failing_since
    row.save()


def _is_watched(breaker: DomainBreaker | None, *, now: dt.datetime) -> bool:
    """Whether successes matter: it is open, or refused something a moment ago."""
    if breaker is None:
        return False
    refused = any(was_refused for _, was_refused in breaker.recent)
    return breaker.open_until is not None or breaker.refused_in_a_row > 0 or refused
