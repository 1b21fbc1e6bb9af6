from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from prometheus_client import generate_latest

from common.caching.tallies import flush
from common.monitoring.prometheus import registry
from common.resilience.heartbeat import Sign, note
from surveys.models import DomainHealth
from surveys.queries.tallies import ANSWERS, CAP_REFUSALS, MAILS, PAGE_SECONDS
from tests.surveys.working import background_works
from tests.world import HOUR, NOW, make_campaign, make_invitation, make_respondent

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def emptied(settings) -> None:
    flush()
    cache.clear()
    settings.METRIC_SOURCES = ["surveys.queries.metrics.families"]


def lines() -> list[str]:
    return generate_latest(registry(now=NOW)).decode().splitlines()


def test_metrics_count_states_and_the_age_of_what_is_due() -> None:
    campaign = make_campaign()
    early = NOW - 2 * MINUTE
    make_invitation(make_respondent(), campaign, send_at=early)
    make_invitation(make_respondent(), campaign, state="unknown")
    make_invitation(make_respondent(), make_campaign(state="paused"), send_at=early)

    found = lines()

    assert 'koe_invitations{state="queued"} 2.0' in found
    assert 'koe_invitations{state="unknown"} 1.0' in found
    assert 'koe_invitations{state="sent"} 0.0' in found
    assert "koe_due_invitations 1.0" in found
    assert "koe_oldest_due_seconds 120.0" in found


def test_metrics_tell_of_beat_workers_and_queues_as_far_as_they_were_seen() -> None:
    note(Sign.BEAT, now=NOW - MINUTE)
    note(Sign.WORKER, "mail", now=NOW - 2 * MINUTE)
    note(Sign.TASK, "plan", now=NOW - HOUR)

    found = [line for line in lines() if "_age_seconds" in line and line[0] != "#"]

    assert sorted(found) == [
        "koe_beat_age_seconds 60.0",
        'koe_queue_age_seconds{queue="plan"} 3600.0',
        'koe_worker_age_seconds{queue="mail"} 120.0',
    ]


def test_metrics_tell_of_breakers_and_of_what_was_counted_meanwhile() -> None:
    background_works(now=NOW)
    for domain in ("", "a.example", "b.example"):
        DomainHealth.objects.create(domain=domain, open_until=NOW + HOUR)
    MAILS.add("unknown", 2)
    CAP_REFUSALS.add("planning", 7)
    ANSWERS.add("suspect")
    PAGE_SECONDS.add("POST", 0.2)

    found = lines()

    assert 'koe_sending_obstacles{kind="mail_server"} 1.0' in found
    assert "koe_open_domain_breakers 2.0" in found
    assert 'koe_mails_total{outcome="unknown"} 2.0' in found
    assert 'koe_cap_refusals_total{at="planning"} 7.0' in found
    assert 'koe_answers_total{evidence="suspect"} 1.0' in found
    assert 'koe_page_seconds_bucket{le="0.25",method="POST"} 1.0' in found
    assert not [line for line in found if ".example" in line]


def test_metrics_page_is_plain_text(client, redis_url, settings) -> None:
    settings.REDIS_URL = redis_url

    page = client.get("/metrics")

    assert (page.status_code, page.content.startswith(b"# HELP koe_")) == (200, True)
    assert page.headers["Content-Type"].startswith("text/plain; version=")
