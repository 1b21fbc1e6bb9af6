"""Whether Koe itself is well: what an admin looks at before the work of the day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from accounts.queries.customers.listing import latest_month
from accounts.queries.monitoring import imports_under_way, last_imports
from actions.domain.goals import Status
from actions.queries.goals import last_readings
from surveys.domain.mail.obstacles import ObstacleKind, is_silent
from surveys.queries.obstacles import SendingStatus


@dataclass(frozen=True, slots=True)
class System:
    # Since when beat or a worker is silent, if one is; None: never seen, or Redis is away.
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


def system(found: SendingStatus, *, now: dt.datetime) -> System:
    facts, kinds = found.facts, Counter(each.kind for each in found.obstacles)
    seen = [facts.beat, *facts.workers.values()]
    known = [each for each in seen if each is not None]
    ours = next((each for each in facts.breakers if not each.domain), None)
    return System(
        last_beat=min(known) if len(known) == len(seen) else None,
        is_quiet=any(is_silent(each, now=now) for each in seen),
        due=facts.waiting,
        oldest_due=facts.waiting_since,
        is_behind=facts.is_late,
        server_until=ours.open_until if ours and kinds[ObstacleKind.MAIL_SERVER] else None,
        domains=kinds[ObstacleKind.DOMAIN],
        waiting_imports=imports_under_way().count(),
        imported=last_imports(),
        revenue_month=latest_month(),
    )


def goals_by_status(day: dt.date) -> dict[Status, int]:
    found = Counter(reading.status for _, reading in last_readings(day))
    return {status: found[status] for status in Status if found[status]}
