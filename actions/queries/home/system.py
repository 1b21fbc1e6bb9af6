"""Whether Koe itself is well: what an admin looks at before the work of the day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db.models import Max

from accounts.models import Import
from accounts.queries.customers.listing import latest_month
from actions.domain.goals import Status
from actions.queries.goals import last_readings
from common.resilience.heartbeat import QUIET, last_beat
from surveys.models import DomainHealth
from surveys.queries.metrics import due_invitations

# An e-mail leaves within a minute or two of its moment.
LATE = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class System:
    # None: never seen, or the cache is away.
    last_beat: dt.datetime | None
    is_quiet: bool
    due: int
    oldest_due: dt.datetime | None
    is_behind: bool
    # Until when our mail server is left alone; None: it takes e-mails.
    server_until: dt.datetime | None
    # Recipients' domains that are left alone.
    domains: int
    waiting_imports: int
    # By kind, when a file last went in.
    imported: dict[str, dt.datetime]
    revenue_month: dt.date | None


def system(*, now: dt.datetime) -> System:
    seen = last_beat()
    number, oldest = due_invitations(now=now)
    refusing = dict(
        DomainHealth.objects.filter(open_until__gt=now).values_list("domain", "open_until")
    )
    server = refusing.pop("", None)
    return System(
        last_beat=seen,
        is_quiet=seen is None or now - seen > QUIET,
        due=number,
        oldest_due=oldest,
        is_behind=oldest is not None and now - oldest > LATE,
        server_until=server,
        domains=len(refusing),
        waiting_imports=Import.objects.filter(
            state__in=[Import.State.WAITING, Import.State.RUNNING]
        ).count(),
        imported=_imported(),
        revenue_month=latest_month(),
    )


def _imported() -> dict[str, dt.datetime]:
    done = Import.objects.filter(state=Import.State.DONE, dry_run=False, finished_at__isnull=False)
    return dict(done.order_by().values_list("kind").annotate(at=Max("finished_at")))


def goals_by_status(day: dt.date) -> dict[Status, int]:
    found = Counter(reading.status for _, reading in last_readings(day))
    return {status: found[status] for status in Status if found[status]}
