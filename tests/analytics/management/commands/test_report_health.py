from __future__ import annotations

import csv
import datetime as dt
import io
import json

import pytest
from django.core.management import CommandError
from django.utils import timezone

from analytics.models import HealthScore
from tests.analytics.health import make_scored, publish
from tests.analytics.management.commanding import run

pytestmark = pytest.mark.django_db


def test_score_and_report_by_command() -> None:
    publish()
    make_scored(10)

    assert run("score_health", "--on", "2026-11-21") == "1 customers scored for 2026-11-21.\n"
    assert HealthScore.objects.count() == 1
    (row,) = json.loads(run("report_health", "--on", "2026-11-21"))["customers"]
    assert (row["score"], row["band"]) == (80, "good")
    (line,) = csv.DictReader(io.StringIO(run("report_health", "--format", "csv")))
    assert (line["score"], line["band"], line["touch"]) == ("80.0", "good", "tech")


@pytest.mark.parametrize(
    "arguments",
    [
        ("score_health",),
        ("report_health",),
        ("report_health_evidence", "--from", "2026-11-01", "--to", "2026-11-20"),
    ],
)
def test_without_a_formula_the_command_says_what_to_do(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match="import_health_formula FILE --publish"):
        run(*arguments)


def test_a_day_to_come_is_refused() -> None:
    publish()
    tomorrow = timezone.localdate() + dt.timedelta(days=1)

    with pytest.raises(CommandError, match="is in the future"):
        run("score_health", "--on", str(tomorrow))


def test_an_unknown_dimension_is_refused() -> None:
    publish()

    with pytest.raises(CommandError, match="--by"):
        run("report_health", "--by", "colour")
