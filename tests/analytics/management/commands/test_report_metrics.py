from __future__ import annotations

import json

import pytest
from django.core.management import CommandError

from tests.analytics.management.commanding import PERIOD, run

pytestmark = pytest.mark.django_db


def test_an_unknown_metric_is_refused_with_the_known_ones() -> None:
    with pytest.raises(CommandError, match="--metric: 'npx' is not known; write one of nps"):
        run("report_metrics", *PERIOD, "--metric", "npx")


def test_only_the_metrics_that_are_asked_for_are_written() -> None:
    found = json.loads(run("report_metrics", *PERIOD, "--metric", "nrr", "--metric", "nps"))

    assert [each["metric"] for each in found["rows"]] == ["nps", "nrr"]


def test_the_file_has_a_line_for_each_row() -> None:
    text = run("report_metrics", *PERIOD, "--metric", "nps", "--format", "csv")

    assert text.splitlines()[0].startswith("metric,unit,value,low,high,numerator,denominator")
