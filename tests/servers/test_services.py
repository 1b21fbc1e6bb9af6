from __future__ import annotations

import psycopg
import pytest
import redis

from tests.servers import machine, services


def test_a_missing_service_is_a_skip_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)

    with pytest.raises(pytest.skip.Exception, match="Chromium is missing: install it"):
        services.missing("Chromium", remedy="install it")


def test_a_missing_service_fails_on_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")

    with pytest.raises(pytest.fail.Exception, match="Chromium is missing: install it"):
        services.missing("Chromium", remedy="install it")


def test_the_tests_get_a_valkey_of_their_own(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.ping() is True
        assert client.config_get("port") != {"port": "6379"}


def test_a_postgresql_can_be_started_where_none_runs() -> None:
    programs = machine.postgres_programs()
    if programs is None:
        services.missing("PostgreSQL's programs", remedy="run sudo apt-get install postgresql")

    with services.own_postgres(programs) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
