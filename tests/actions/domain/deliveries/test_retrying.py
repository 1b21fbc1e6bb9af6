from __future__ import annotations

import datetime as dt
import itertools

from actions.domain.deliveries.retrying import is_accepted, next_try
from tests.world import NOW

SECOND, HOUR = dt.timedelta(seconds=1), dt.timedelta(hours=1)


def test_tries_go_on_for_three_days_at_growing_distances() -> None:
    at = NOW
    moments: list[dt.datetime] = []
    while (then := next_try(len(moments) + 1, now=at, luck=0)) is not None:
        moments.append(then)
        at = then

    assert len(moments) == 9
    assert moments[0] == NOW + 15 * SECOND
    assert 72 * HOUR < moments[-1] - NOW < 80 * HOUR
    gaps = [later - earlier for earlier, later in itertools.pairwise(moments)]
    assert gaps == sorted(gaps)


def test_many_that_failed_together_come_back_apart() -> None:
    assert next_try(1, now=NOW, luck=1) == NOW + 16.5 * SECOND


def test_a_receiver_may_ask_for_more_time_up_to_a_day() -> None:
    assert next_try(1, now=NOW, luck=0, wish="600") == NOW + 600 * SECOND
    assert next_try(1, now=NOW, luck=0, wish="1") == NOW + 15 * SECOND
    assert next_try(1, now=NOW, luck=0, wish="9" * 40) == NOW + 24 * HOUR
    assert next_try(1, now=NOW, luck=0, wish="Wed, 21 Oct 2026") == NOW + 15 * SECOND


def test_only_what_says_so_has_taken_it() -> None:
    assert [status for status in (199, 200, 202, 299, 301, 404) if is_accepted(status)] == [
        200, 202, 299
    ]  # fmt: skip
