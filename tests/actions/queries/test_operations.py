from __future__ import annotations

import pytest

from actions.queries.operations import operations
from common.resilience.heartbeat import Sign, note
from surveys.queries.tallies import MAILS
from tests.surveys.working import background_works
from tests.world import HOUR, NOW

pytestmark = pytest.mark.django_db


def test_the_facts_of_the_metrics_are_told_by_queue(settings, redis_url) -> None:
    settings.REDIS_URL = redis_url
    background_works(now=NOW)
    note(Sign.WORKER, "imports", now=NOW - HOUR)
    MAILS.add("sent", 2)

    found = operations(now=NOW)

    assert {each.name for each in found.queues if each.is_silent} == {"imports"}
    assert found.queues[0].waiting is not None
    assert found.mails["sent"] >= 2
    assert not found.beat_is_silent
    assert abs(found.clock_ahead) < 5
