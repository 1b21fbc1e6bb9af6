from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from api.domain.problems import Code, Problem
from api.models import IdempotentCall
from api.services.rest.idempotency import KEPT, Answer, Named, done_once, forget_calls
from tests.api.calling import make_key
from tests.world import NOW, make_customer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def named(name: str = "a", *, digest: str = "x", now: dt.datetime = NOW) -> Named:
    return Named(make_key()[0], name, digest, now)


def test_of_those_that_come_at_the_same_time_one_does_the_work() -> None:
    wanted, barrier, done = named(), Barrier(3), []

    def work() -> Answer:
        done.append(make_customer().pk)
        return 201, f"{done[-1]}"

    def call(_: int) -> tuple[Answer, bool]:
        barrier.wait()
        try:
            found = done_once(wanted, work)
            return found.answer, found.is_repeated
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(call, range(3)))
    assert {answer for answer, _ in found} == {(201, f"{done[0]}")}
    assert sorted(repeated for _, repeated in found) == [False, True, True]


def test_another_request_of_the_same_name_is_refused() -> None:
    wanted = named()
    done_once(wanted, lambda: (200, "{}"))

    with pytest.raises(Problem) as caught:
        done_once(Named(wanted.key, "a", "y", NOW), lambda: (200, "{}"))
    assert caught.value.code is Code.REPEATED


def test_a_name_is_free_again_after_a_day() -> None:
    wanted, later = named(), NOW + KEPT + dt.timedelta(seconds=1)
    done_once(wanted, lambda: (200, "first"))

    found = done_once(Named(wanted.key, "a", "y", later), lambda: (200, "second"))
    assert (found.answer, found.is_repeated) == ((200, "second"), False)
    assert forget_calls(now=later) == 0
    assert forget_calls(now=later + KEPT + dt.timedelta(seconds=1)) == 1
    assert not IdempotentCall.objects.exists()
