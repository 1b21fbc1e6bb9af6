from __future__ import annotations

import csv
import datetime as dt
import io
import json

import pytest
from django.core.management import CommandError
from django.utils import timezone

from accounts.models import Customer, CustomerTerms, Measure, Reading, ReadingSpan
from analytics.models import HealthScore
from tests.analytics.health import DAY, make_scored, publish, tick
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


def test_the_edge_cases_have_their_rules() -> None:
    use = {"key": "use", "source": "usage:logins", "window_days": 28, "per": "seats"}
    publish(
        measures=[
            {"key": "money", "source": "mrr", "points": "percentile", "weight": 1},
            use | {"points": [[0, 0], [10, 100]], "weight": 1},
        ],
        min_known_share=0.5,
    )
    for name, seats, fields in (
        ("normal", 2, {}),
        ("no seats", 0, {}),
        ("too new", 2, {"started_on": DAY - dt.timedelta(days=3)}),
        ("left", 2, {"churned_on": DAY}),
    ):
        customer = make_scored(10, customer_id=name, **fields)
        CustomerTerms.objects.create(customer=customer, known_from=DAY, seats=seats)
        use_on(customer, DAY - dt.timedelta(days=5), 10)
    tick(DAY - dt.timedelta(days=1))
    tick()

    def reported() -> dict[str, tuple[object, ...]]:
        rows = json.loads(run("report_health", "--on", f"{DAY}"))["customers"]
        return {
            row["customer_id"]: (row["state"], row["score"], *(p["points"] for p in row["parts"]))
            for row in rows
        }

    said = {
        # All pay the same: the middle.
        "normal": ("scored", 50, 50, 50),
        "no seats": ("scored", 50, 50, None),
        "too new": ("too_new", None, 50, 50),
        # The day before it left.
        "left": ("churned", 50, 50, 50),
    }
    assert reported() == said
    # A file of the past comes later: what was said stays.
    for customer in Customer.objects.all():
        use_on(customer, DAY - dt.timedelta(days=6), 90)
    assert reported() == said


def use_on(customer: Customer, day: dt.date, value: float) -> None:
    measure, _ = Measure.objects.get_or_create(key="logins")
    Reading.objects.create(measure=measure, customer=customer, day=day, value=value, known_from=day)
    ReadingSpan.objects.get_or_create(
        measure=measure, customer=customer, defaults={"first_day": day, "last_day": day}
    )
