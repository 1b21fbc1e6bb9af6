"""The segment report on the command line."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import call_command

from tests.analytics import world

pytestmark = pytest.mark.django_db
PERIOD = ["--from", "2026-04-01", "--to", "2026-06-30"]


def run(command: str, *arguments: str) -> str:
    out = io.StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def _answers() -> None:
    world.make_dimension("plan")
    customer = world.make_customer(plan="=1+1, gold", mrr={"2026-03": 30})
    world.give_scores(customer, world.make_campaign(slug="spring"), 10, 9, 0)


def test_where_compare_campaign_and_language_reach_the_report() -> None:
    found = json.loads(
        run("report_segments", "--by", "plan", *PERIOD, "--where", "plan==1+1, gold",
            "--campaign", "spring", "--language", "en", "--compare", "previous")
    )  # fmt: skip

    assert (found["total"]["responses"], found["total"]["nps_previous"]) == (3, None)
    nobody = json.loads(run("report_segments", "--by", "plan", *PERIOD, "--language", "ja"))
    assert nobody["total"]["responses"] == 0
