from __future__ import annotations

from dataclasses import replace

import pytest

from surveys.domain.mail.obstacles import (
    LATE,
    QUIET,
    Breaker,
    Facts,
    Obstacle,
    ObstacleKind,
    obstacles,
    stops_all,
)
from tests.world import DAY, HOUR, NOW, SECOND

WELL = Facts(NOW, beat=NOW, workers={"mail": NOW, "reports": NOW - QUIET})
WAITING = replace(WELL, waiting=3, waiting_since=NOW - LATE)


def kinds(facts: Facts) -> list[str]:
    return [each.kind for each in obstacles(facts)]


def test_nothing_stands_in_the_way_of_e_mails_that_are_due_a_moment() -> None:
    assert obstacles(WELL) == obstacles(WAITING) == []


def test_what_waits_longer_than_it_should_is_said_where_nothing_explains_it() -> None:
    late = replace(WAITING, waiting_since=NOW - LATE - SECOND)

    assert obstacles(late) == [Obstacle(ObstacleKind.LATE, since=NOW - LATE - SECOND)]
    assert kinds(replace(late, beat=NOW - HOUR)) == ["beat"]


def test_who_is_silent_is_missed_and_who_never_was_here_where_something_waits() -> None:
    silent = replace(WELL, beat=NOW - QUIET - SECOND, workers={"mail": NOW - HOUR})
    never = replace(WELL, beat=None, workers={"mail": None, "plan": NOW})

    assert [(each.kind, each.name, each.since) for each in obstacles(silent)] == [
        ("beat", "", NOW - QUIET - SECOND),
        ("worker", "mail", NOW - HOUR),
    ]
    assert kinds(never) == []
    assert kinds(replace(never, waiting=1, waiting_since=NOW)) == ["beat", "worker"]
    # Of whom it kept anything nobody knows.
    assert kinds(replace(silent, broker_works=False)) == ["broker"]


def test_breakers_say_since_when_and_when_they_are_tried_again() -> None:
    ours = Breaker("", NOW + HOUR, NOW - HOUR)
    theirs = Breaker("example.com", NOW - HOUR, NOW - DAY)

    assert obstacles(replace(WAITING, breakers=[theirs, ours])) == [
        Obstacle(ObstacleKind.MAIL_SERVER, since=NOW - HOUR, next_try=NOW + HOUR),
        Obstacle(ObstacleKind.DOMAIN, "example.com", since=NOW - DAY),
    ]
    # Half open, with nothing to try it with; or long ago, with nothing for it.
    assert kinds(replace(WELL, breakers=[theirs])) == []
    assert kinds(replace(WAITING, breakers=[replace(theirs, open_until=NOW - 2 * DAY)])) == []


@pytest.mark.parametrize(
    ("obstacle", "stops"),
    [
        (Obstacle(ObstacleKind.DATABASE), True),
        (Obstacle(ObstacleKind.MAIL_SERVER), True),
        (Obstacle(ObstacleKind.WORKER, "plan"), True),
        (Obstacle(ObstacleKind.WORKER, "reports"), False),
        (Obstacle(ObstacleKind.DOMAIN, "example.com"), False),
        (Obstacle(ObstacleKind.LATE), False),
    ],
)
def test_a_domain_and_a_queue_without_e_mails_do_not_stop_all(obstacle, stops) -> None:
    assert stops_all(obstacle) is stops


def test_a_database_that_takes_nothing_is_named_first() -> None:
    broken = replace(WAITING, is_writable=False, pending_migrations=2, beat=NOW - HOUR)

    assert kinds(broken) == ["database", "migrations", "beat"]
