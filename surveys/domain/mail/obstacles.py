"""Why no e-mails leave: what stands in their way, since when, and when it is tried again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

# Beat and the workers tell of themselves four times a minute, each by its own clock.
QUIET = timedelta(minutes=2)
# An e-mail leaves within a minute or two of its moment.
LATE = timedelta(minutes=10)
# A domain that nobody wrote to since is not known to refuse any more.
REFUSAL_KEPT = timedelta(days=1)
# Without them no e-mail leaves.
SENDING_QUEUES = ("mail", "plan")


class ObstacleKind(StrEnum):
    DATABASE = "database"
    """It takes no changes."""
    MIGRATIONS = "migrations"
    """The database is older than the program."""
    BROKER = "broker"
    """Redis is away, or takes no changes."""
    BEAT = "beat"
    """Nothing says that there is work."""
    WORKER = "worker"
    """Nobody takes the tasks of a queue."""
    MAIL_SERVER = "mail_server"
    """Our mail server refuses, or cannot be reached."""
    DOMAIN = "domain"
    """The mail server of recipients refuses."""
    LATE = "late"
    """E-mails wait, and nothing else explains it."""


@dataclass(frozen=True, slots=True)
class Breaker:
    """One that is open or half open; the empty domain is our own mail server."""

    domain: str
    open_until: datetime
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    now: datetime
    # E-mails that should have left, or will once our mail server takes them, and since when.
    waiting: int = 0
    waiting_since: datetime | None = None
    is_writable: bool = True
    pending_migrations: int = 0
    broker_works: bool = True
    beat: datetime | None = None
    # By queue; None: never seen.
    workers: Mapping[str, datetime | None] = field(default_factory=dict)
    breakers: Sequence[Breaker] = ()

    @property
    def is_late(self) -> bool:
        return self.waiting_since is not None and self.now - self.waiting_since > LATE


@dataclass(frozen=True, slots=True)
class Obstacle:
    kind: ObstacleKind
    # Of a queue or a domain.
    name: str = ""
    # None: not known, or never seen.
    since: datetime | None = None
    # None: with the next e-mail, or nobody tries it.
    next_try: datetime | None = None


def obstacles(facts: Facts) -> list[Obstacle]:
    """The worst first. Who never worked here is missed only where something waits for it."""
    found = [*_database(facts), *_background(facts), *_refusals(facts)]
    if facts.is_late and not found:
        found.append(Obstacle(ObstacleKind.LATE, since=facts.waiting_since))
    return found


def is_silent(seen: datetime | None, *, now: datetime) -> bool:
    return seen is None or now - seen > QUIET


def stops_all(obstacle: Obstacle) -> bool:
    """A domain that refuses keeps its own e-mails only, a queue without workers its own work.

    What is late may be on its way, one after the other.
    """
    if obstacle.kind is ObstacleKind.WORKER:
        return obstacle.name in SENDING_QUEUES
    return obstacle.kind not in (ObstacleKind.DOMAIN, ObstacleKind.LATE)


def _database(facts: Facts) -> Iterator[Obstacle]:
    if not facts.is_writable:
        yield Obstacle(ObstacleKind.DATABASE)
    if facts.pending_migrations:
        yield Obstacle(ObstacleKind.MIGRATIONS)


def _background(facts: Facts) -> Iterator[Obstacle]:
    if not facts.broker_works:
        yield Obstacle(ObstacleKind.BROKER)
        return  # what it kept of the others is not known
    if _is_missed(facts.beat, facts):
        yield Obstacle(ObstacleKind.BEAT, since=facts.beat)
    for queue, seen in facts.workers.items():
        if _is_missed(seen, facts):
            yield Obstacle(ObstacleKind.WORKER, queue, since=seen)


def _is_missed(seen: datetime | None, facts: Facts) -> bool:
    return is_silent(seen, now=facts.now) and (seen is not None or facts.waiting > 0)


def _refusals(facts: Facts) -> Iterator[Obstacle]:
    for each in sorted(facts.breakers, key=lambda each: each.domain):
        half_open_for = facts.now - each.open_until
        if half_open_for >= timedelta() and not facts.waiting:
            continue  # nothing is there to try it with
        if each.domain and half_open_for > REFUSAL_KEPT:
            continue
        kind = ObstacleKind.DOMAIN if each.domain else ObstacleKind.MAIL_SERVER
        again = each.open_until if each.open_until > facts.now else None
        yield Obstacle(kind, each.domain, since=each.since, next_try=again)
