from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from common.resilience.heartbeat import Sign, note
from common.web import health
from surveys.models import DomainHealth
from tests.surveys.working import background_works

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def working(settings, redis_url) -> None:
    settings.REDIS_URL = redis_url
    background_works(now=timezone.now())


@pytest.mark.parametrize(
    ("sign", "queue", "name"), [(Sign.BEAT, "", "beat"), (Sign.WORKER, "imports", "workers")]
)
def test_koe_without_beat_or_a_worker_is_not_ready_and_its_pages_are(
    client, sign, queue, name
) -> None:
    assert client.get("/health/ready").status_code == 200

    note(sign, queue, now=timezone.now() - HOUR)

    page = client.get("/health/ready")
    assert (page.status_code, page.json()[name]) == (503, False)
    assert client.get("/health/ready?only=web").status_code == 200


@pytest.mark.parametrize(
    ("check", "found", "name"),
    [("is_writable", False, "database_writable"), ("pending_migrations", 3, "migrations")],
)
def test_a_database_that_takes_no_changes_or_is_too_old_is_not_ready(
    client, monkeypatch, check, found, name
) -> None:
    monkeypatch.setattr(health, check, lambda: found)

    page = client.get("/health/ready?only=web")

    assert (page.status_code, page.json()[name]) == (503, False)


def test_a_mail_server_that_is_away_is_told_of_without_the_domains_of_recipients(client) -> None:
    now = timezone.now()
    for domain in ("", "secret-customer.example"):
        DomainHealth.objects.create(domain=domain, open_until=now + HOUR, failing_since=now - HOUR)

    page = client.get("/health/ready")

    assert page.status_code == 200
    ours, theirs = page.json()["sending"]["obstacles"]
    assert page.json()["sending"]["stopped"]
    assert (ours["kind"], theirs["kind"]) == ("mail_server", "domain")
    assert dt.datetime.fromisoformat(ours["since"]) == pytest.approx(
        now - HOUR, abs=dt.timedelta(seconds=1)
    )
    assert "secret-customer" not in page.content.decode()
