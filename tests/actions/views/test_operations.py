from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts.models import Import
from common.caching.tallies import flush
from common.resilience.heartbeat import Sign, note
from surveys.models import DomainHealth
from surveys.queries.tallies import ANSWERS, CAP_REFUSALS, MAILS, PAGE_SECONDS
from tests.surveys.working import background_works

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def emptied(settings, redis_url) -> None:
    settings.REDIS_URL = redis_url
    flush()
    cache.clear()


def test_an_admin_reads_in_words_what_the_metrics_say(staff) -> None:
    now = timezone.now()
    background_works(now=now)
    note(Sign.WORKER, "reports", now=now - HOUR)
    DomainHealth.objects.create(
        domain="refusing.example", open_until=now + HOUR, failing_since=now - HOUR
    )
    MAILS.add("unknown", 3)
    CAP_REFUSALS.add("planning", 1234)
    ANSWERS.add("suspect", 5)
    PAGE_SECONDS.add("POST", 0.25)
    Import.objects.create(kind="revenue", state="done", file_name="f", finished_at=now - 3 * HOUR)

    page = staff("admin").get("/settings/operations/").content.decode()

    for text in (
        "No worker has been there for figures and health scores since",
        "The mail server of refusing.example has refused since",
        "Try now",
        'unknown: <span class="figure">3',
        '<span class="figure">1,234',
        "set aside: like a scanner",
        "250 ms in the mean",
        "last imported 3\xa0hours ago",
        "silent for 1\xa0hour",
        "at 60 it stops sending",
    ):
        assert text in page, text


def test_all_is_well_is_said_too(staff) -> None:
    background_works(now=timezone.now())

    page = staff("admin").get("/settings/operations/").content.decode()

    assert "Nothing keeps e-mails back" in page
    assert 'href="/settings/operations/"' in staff("admin").get("/settings/").content.decode()
