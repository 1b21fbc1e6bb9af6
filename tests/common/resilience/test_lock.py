from __future__ import annotations

import threading

import pytest
from django.db import connection

from common.resilience.lock import only_one

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


def tried_elsewhere(what: str) -> bool:
    found: list[bool] = []

    def attempt() -> None:
        with only_one(what) as is_free:
            found.append(is_free)
        connection.close()

    thread = threading.Thread(target=attempt)
    thread.start()
    thread.join()
    return found[0]


def test_the_same_is_done_once_at_a_time_and_anything_else_beside_it(settings, tmp_path) -> None:
    settings.VAR_DIR = tmp_path
    with only_one("plan 1") as is_free:
        assert is_free
        assert not tried_elsewhere("plan 1")
        assert tried_elsewhere("plan 2")
    assert tried_elsewhere("plan 1")


def test_who_fails_holds_nothing_on(settings, tmp_path) -> None:
    settings.VAR_DIR = tmp_path
    with pytest.raises(RuntimeError), only_one("plan 1"):
        raise RuntimeError
    assert tried_elsewhere("plan 1")
