from __future__ import annotations

import socket
import time

from django.db.utils import ConnectionHandler

from common.web import health
from tests.servers.services import free_port

WELL = dict.fromkeys(("database", "database_writable", "migrations", "redis"), True)


def test_readiness_asks_redis_itself(client, settings, db) -> None:
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"

    response = client.get("/health/ready")

    assert response.status_code == 503
    assert response.json() == WELL | {"redis": False}


def test_a_machine_that_can_serve_says_so_and_takes_no_post(
    client, settings, redis_url, db
) -> None:
    settings.REDIS_URL = redis_url

    response = client.get("/health/ready?only=web")

    assert (response.status_code, response.json()) == (200, WELL)
    assert client.post("/health/ready").status_code == 405


def test_readiness_asks_the_database_and_liveness_does_not(
    client, settings, redis_url, monkeypatch, db
) -> None:
    settings.REDIS_URL = redis_url
    nowhere = {"ENGINE": "django.db.backends.sqlite3", "NAME": "/nowhere/at/all.sqlite3"}
    monkeypatch.setattr(health, "connection", ConnectionHandler({"default": nowhere})["default"])

    response = client.get("/health/ready")

    assert (response.status_code, response.json()) == (
        503,
        {"database": False, "database_writable": False, "migrations": False, "redis": True},
    )
    alive = client.get("/health/live")
    assert (alive.status_code, alive.content) == (200, b"ok\n")


def test_a_redis_that_hangs_is_not_waited_for(client, settings, db) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.REDIS_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        before = time.monotonic()

        response = client.get("/health/ready")

        assert time.monotonic() - before < 4
    assert response.json() == WELL | {"redis": False}


def test_a_load_balancer_asks_by_address_and_every_other_page_is_for_our_hosts(
    client, settings
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    by_address = {"headers": {"host": "10.0.3.7:8000"}}

    assert client.get("/health/live", **by_address).status_code == 200
    for path in ("/accounts/login/", "/s/x/", "/healthy/"):
        assert client.get(path, **by_address).status_code == 400
