from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from surveys.domain.mail.breakers import (
    CampaignTrip,
    DomainBreaker,
    TokenBucket,
    campaign_trip,
    full_bucket,
)

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def after(outcomes: str, *, step: timedelta = SECOND) -> DomainBreaker:
    """A breaker that saw these outcomes, R for refused, from `NOW` on."""
    breaker = DomainBreaker()
    for index, outcome in enumerate(outcomes):
        breaker = breaker.record(refused=outcome == "R", now=NOW + index * step)
    return breaker


@pytest.mark.parametrize(
    ("outcomes", "opened"),
    [
        ("", False),
        ("RRRR", False),
        ("RRRRR", True),
        ("RRRR.RRRR", False),
        ("........RR", False),
        (".......R.RR", True),
        ("RR........", False),
        ("RRR.......", False),
    ],
)
def test_breaker_opens_on_five_in_a_row_or_a_fifth_of_a_minute(outcomes: str, opened: bool) -> None:
    assert (after(outcomes).open_until is not None) is opened


def test_share_counts_only_the_last_minute() -> None:
    outcomes = "R.R......."
    within = after(outcomes, step=6 * SECOND).record(refused=True, now=NOW + 59 * SECOND)
    assert within.open_until == NOW + 59 * SECOND + 5 * MINUTE
    beyond = after(outcomes, step=6 * SECOND).record(refused=True, now=NOW + 60 * SECOND)
    assert beyond.open_until is None
    assert len(beyond.recent) == 10


def test_open_breaker_lets_nothing_through_until_its_time() -> None:
    breaker = after("RRRRR")
    until = NOW + 4 * SECOND + 5 * MINUTE
    assert breaker.open_until == until
    assert breaker.admit(now=until - SECOND) is None
    assert breaker.may_send(now=until) is True


def test_half_open_breaker_lets_one_mail_through() -> None:
    breaker = after("RRRRR")
    until = NOW + 4 * SECOND + 5 * MINUTE
    probing = breaker.admit(now=until)
    assert probing is not None
    assert probing.admit(now=until + SECOND) is None
    # the worker with the probe was killed
    assert probing.admit(now=until + 5 * MINUTE - SECOND) is None
    assert probing.admit(now=until + 5 * MINUTE) is not None


def test_probe_that_is_accepted_closes_the_breaker() -> None:
    breaker = after("RRRRR").admit(now=NOW + 10 * MINUTE)
    assert breaker is not None
    assert breaker.record(refused=False, now=NOW + 10 * MINUTE) == DomainBreaker()


def test_probe_that_is_refused_opens_for_longer_each_time() -> None:
    breaker = after("RRRRR")
    pauses = []
    for _ in range(4):
        assert breaker.open_until is not None
        moment = breaker.open_until
        probing = breaker.admit(now=moment)
        assert probing is not None
        breaker = probing.record(refused=True, now=moment)
        assert breaker.open_until is not None
        pauses.append(breaker.open_until - moment)
    assert pauses == [15 * MINUTE, 60 * MINUTE, 60 * MINUTE, 60 * MINUTE]


@pytest.mark.parametrize("refused", [True, False])
def test_mail_under_way_when_the_breaker_opened_changes_nothing(refused: bool) -> None:
    breaker = after("RRRRR")
    assert breaker.record(refused=refused, now=NOW + MINUTE) == breaker


def test_closed_breaker_admits_without_change() -> None:
    breaker = after("..R")
    assert breaker.admit(now=NOW + MINUTE) is breaker


@pytest.mark.parametrize(
    ("sent", "hard_bounces", "complaints", "policy", "trip"),
    [
        (0, 0, 0, 0, None),
        (99, 99, 99, 0, None),
        (100, 5, 0, 0, None),
        (100, 6, 0, 0, CampaignTrip.HARD_BOUNCES),
        (999, 0, 999, 0, None),
        (1000, 0, 1, 0, None),
        (1000, 0, 2, 0, CampaignTrip.COMPLAINTS),
        (2000, 100, 2, 0, None),
        (2000, 101, 3, 0, CampaignTrip.COMPLAINTS),
        (1, 0, 0, 1, CampaignTrip.POLICY),
        (99, 0, 0, 1, CampaignTrip.POLICY),
        (100, 0, 0, 1, None),
        (1000, 0, 0, 11, CampaignTrip.POLICY),
    ],
)
def test_campaign_trips_over_its_limits(
    sent: int, hard_bounces: int, complaints: int, policy: int, trip: CampaignTrip | None
) -> None:
    found = campaign_trip(
        sent=sent, hard_bounces=hard_bounces, complaints=complaints, policy=policy
    )
    assert found is trip


def test_bucket_gives_its_capacity_at_once_and_then_its_pace() -> None:
    bucket = full_bucket(per_second=2, capacity=3, now=NOW)
    waits = []
    for _ in range(4):
        bucket, wait = bucket.take(now=NOW)
        waits.append(wait)
    assert waits == [timedelta(), timedelta(), timedelta(), SECOND / 2]
    bucket, wait = bucket.take(now=NOW + SECOND / 2)
    assert wait == timedelta()
    assert bucket == TokenBucket(2, 3, 0.0, NOW + SECOND / 2)


def test_bucket_never_holds_more_than_its_capacity() -> None:
    bucket, _ = full_bucket(per_second=1, capacity=2, now=NOW).take(now=NOW + timedelta(days=1))
    assert bucket.tokens == 1


def test_bucket_with_a_clock_behind_neither_drains_nor_rewinds() -> None:
    bucket, _ = TokenBucket(1, 5, 2.0, NOW).take(now=NOW - MINUTE)
    assert bucket == TokenBucket(1, 5, 1.0, NOW)


def test_bucket_over_an_hour_keeps_the_rate() -> None:
    bucket = full_bucket(per_second=0.5, capacity=1, now=NOW)
    taken = 0
    for tick in range(3600):
        bucket, wait = bucket.take(now=NOW + tick * SECOND)
        taken += wait == timedelta()
    assert taken == 1800


@pytest.mark.parametrize(("per_second", "capacity"), [(0, 1), (-1, 1), (1, 0.5)])
def test_bucket_that_never_lets_a_mail_through_is_refused(
    per_second: float, capacity: float
) -> None:
    with pytest.raises(ValueError, match="a pace must be above 0"):
        full_bucket(per_second=per_second, capacity=capacity, now=NOW)
