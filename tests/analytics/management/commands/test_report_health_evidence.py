from __future__ import annotations

import json

import pytest
from django.core.management import CommandError

from tests.analytics.health import make_scored, publish
from tests.analytics.management.commanding import run

pytestmark = pytest.mark.django_db
PERIOD = ("--from", "2026-11-01", "--to", "2026-11-20")


def test_the_evidence_by_command() -> None:
    publish()
    make_scored(10)

    found = json.loads(run("report_health_evidence", *PERIOD, "--horizon", "1"))

    assert (found["horizon_days"], found["every_days"]) == (1, 28)
    assert found["withheld"].startswith("Only 0 customers left")


def test_a_horizon_that_is_none_is_refused() -> None:
    with pytest.raises(CommandError, match="--horizon"):
        run("report_health_evidence", *PERIOD, "--horizon", "soon")
