"""Scores and proof by the commands, held against an oracle that shares nothing with them."""

from __future__ import annotations

import datetime as dt
import json
import random
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from tests.analytics.health_facts import FIRST, KINDS, LAST, MEASURES, random_customers, write
from tests.analytics.health_oracle import Oracle, Row
from tests.analytics.management.commanding import run
from tests.analytics.proof_oracle import auc, observed

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo(settings.TIME_ZONE)
AGING = ("nps_last", "nps_account", "pulse")
PLAIN = (
    *AGING, "response_rate", "mrr", "mrr_change_3m", "tenure_months", "days_to_renewal",
    "onboarding_done", "open_follow_ups", "attribute:users",
)  # fmt: skip
AGGREGATES = ("sum", "mean", "last", "max", "days_active", "count", "days_since")
KNOTS = ([[0, 0], [1, 40], [5, 100]], [[-0.5, 100], [0, 70], [90, 0]])


def random_formula(chance: random.Random, name: str, **more: Any) -> dict[str, Any]:
    measures = [_random_measure(chance, f"m{place}") for place in range(chance.randint(3, 7))]
    return {
        "name": name,
        "unhealthy_means": "They leave.",
        "measures": measures,
        "min_known_share": chance.choice([0.01, 0.3, 0.6]),
        "caps": [{"when": "open_follow_up", "at_most": 50}],
        "bands": [
            {"name": "risk", "from": 0, "touch": "high"},
            {"name": "good", "from": 70, "touch": "tech"},
            {"name": "watch", "from": 40},
        ],
        "too_new_days": chance.choice([0, 30, 90]),
        **more,
    }


def _random_measure(chance: random.Random, key: str) -> dict[str, Any]:
    windowed = [f"usage:{each}" for each in MEASURES] + [f"events:{each}" for each in KINDS]
    source = chance.choice([*PLAIN, *windowed, *windowed])
    found: dict[str, Any] = {
        "key": key, "group": "g", "source": source, "weight": chance.choice([1, 10, 33.5]),
        "points": chance.choice(["percentile", "percentile", *KNOTS]),
    }  # fmt: skip
    if found["points"] == "percentile":
        found["direction"] = chance.choice(["high_is_good", "low_is_good"])
    if source in windowed:
        found |= {"aggregate": chance.choice(AGGREGATES), "window_days": chance.choice([7, 28, 90])}
        if chance.random() < 0.2:
            found["change"] = "previous_window"
    if source in AGING and chance.random() < 0.5:
        found["max_age_days"] = chance.choice([20, 60, 365])
    if chance.random() < 0.25:
        found["per"] = chance.choice(["none", "seats", "mrr", "attribute:users"])
    return found


def publish(tmp_path: Path, *formulas: dict[str, Any]) -> None:
    for number, each in enumerate(formulas):
        path = tmp_path / f"{number}.json"
        path.write_text(json.dumps(each))
        run("import_health_formula", str(path), "--publish")


def reported(day: dt.date) -> list[dict[str, Any]]:
    run("score_health", "--on", f"{day}")
    found = json.loads(run("report_health", "--on", f"{day}"))
    assert found["on"] == f"{day}"
    rows: list[dict[str, Any]] = found["customers"]
    return rows


def _about(value: float | None) -> Any:
    return None if value is None else pytest.approx(value, abs=1e-6)


def expected(row: Row) -> dict[str, Any]:
    """In the names of the contract."""
    touches = {each["name"]: each.get("touch") for each in row.formula["bands"]}
    total = sum(row.weights)
    keys = [each["key"] for each in row.formula["measures"]]
    columns = zip(keys, row.values, row.points, row.weights, strict=True)
    return {
        "customer_id": row.customer.customer_id,
        "score": _about(row.score),
        "band": row.band,
        "touch": touches[row.band] if row.band else None,
        "known_share": _about(row.known_share),
        "formula": row.formula["name"],
        "capped_by": None,
        "parts": [
            {
                "key": key,
                "value": _about(value),
                "points": _about(points),
                "weight": _about(weight),
                "contribution": _about((points or 0) * weight / total if total else 0),
            }
            for key, value, points, weight in columns
        ],
    }


def compared(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    beyond = ("version", "state", "uncapped")
    return [{key: row[key] for key in row if key not in beyond} for row in rows]


def test_random_formulas_score_as_the_oracle_does(tmp_path: Path) -> None:
    chance = random.Random(20261129)
    customers = random_customers(chance, 24)
    write(customers, zone=ZONE)
    oracle = Oracle(customers, zone=settings.TIME_ZONE)
    for _ in range(8):
        day = FIRST + dt.timedelta(days=chance.randint(40, (LAST - FIRST).days))
        narrow = random_formula(chance, "A", applies_to={"size": ["large"]})
        formulas = [narrow, random_formula(chance, "B")]
        publish(tmp_path, *formulas)

        there = [each for each in reported(day) if each["state"] != "churned"]

        wanted = [expected(row) for row in oracle.scores(day, formulas)]
        for found, row in zip(compared(there), wanted, strict=True):
            assert found == row, (day, formulas)


def test_the_proof_is_that_of_the_oracle(tmp_path: Path) -> None:
    chance = random.Random(7)
    customers = random_customers(chance, 90)
    write(customers, zone=ZONE)
    oracle = Oracle(customers, zone=settings.TIME_ZONE)
    for _ in range(2):
        formula = random_formula(chance, "A")
        publish(tmp_path, formula)
        first = FIRST + dt.timedelta(days=30)

        found = json.loads(
            run(
                "report_health_evidence", "--from", f"{first}", "--to", f"{LAST}",
                "--horizon", "60", "--every", "35",
            )
        )  # fmt: skip

        _assert_proof(found, oracle, formula, first=first, horizon=60, every=35)


def _assert_proof(
    found: dict[str, Any],
    oracle: Oracle,
    formula: dict[str, Any],
    *,
    first: dt.date,
    horizon: int,
    every: int,
) -> None:
    days = [first + dt.timedelta(days=n) for n in range(0, (LAST - first).days + 1, every)]
    end = dt.date.fromisoformat(found["last_known"])
    followed = [day for day in days if day + dt.timedelta(days=horizon) <= end]
    rows = observed(oracle, formula, followed, horizon=horizon)
    later = [row for day in days if day not in followed for row in oracle.scores(day, [formula])]
    gone = {each.row.customer.customer_id for each in rows if each.left}
    assert found["withheld"] is None
    assert len(gone) >= 20
    assert later
    assert (found["horizon_days"], found["every_days"]) == (horizon, every)
    assert (found["days"], found["observations"]) == (len(followed), len(rows))
    assert found["customers"] == len({each.row.customer.customer_id for each in rows})
    assert (found["churned"], found["churned_customers"]) == (sum(x.left for x in rows), len(gone))
    assert found["left_out"] == len(later)
    names = ["score", *(each["key"] for each in formula["measures"])]
    assert [each["name"] for each in found["predictors"]] == [
        *names, "nps_last", "mrr", "tenure_months",
    ]  # fmt: skip
    for each in found["predictors"]:
        known = [row for row in rows if row.predictors[each["name"]] is not None]
        assert each["observations"] == len(known)
        assert each["auc"] == _about(auc(rows, each["name"])), each
        assert each["auc"] is None or each["auc_low"] <= each["auc"] <= each["auc_high"]
    for band in found["bands"]:
        inside = [row.left for row in rows if row.row.band == band["band"]]
        assert band["observations"] == len(inside)
        assert band["churn_rate"] == _about(sum(inside) / len(inside) if inside else None)
        assert not inside or 0 <= band["low"] <= band["churn_rate"] <= band["high"] <= 1
    _assert_worst_tenth(found, rows)


def _assert_worst_tenth(found: dict[str, Any], rows: Any) -> None:
    """Who shares the score at the edge is in it by a part."""
    scored = [each for each in rows if each.row.score is not None]
    caught = inside = 0.0
    for day in {each.day for each in scored}:
        mine = [each for each in scored if each.day == day]
        number = -(-len(mine) // 10)
        edge = sorted(each.row.score for each in mine)[number - 1]
        below = [each for each in mine if each.row.score < edge - 1e-9]
        at_edge = [each for each in mine if abs(each.row.score - edge) < 1e-9]
        part = (number - len(below)) / len(at_edge)
        caught += sum(each.left for each in below) + part * sum(each.left for each in at_edge)
        inside += number
    left = sum(each.left for each in scored)
    assert found["recall_worst_tenth"] == pytest.approx(caught / left)
    assert found["lift_worst_tenth"] == pytest.approx(caught / inside / (left / len(scored)))


def test_facts_of_later_days_change_no_earlier_score(tmp_path: Path) -> None:
    """Also who left, paid, was renewed, moved to another segment and answered later."""
    chance = random.Random(11)
    customers = random_customers(chance, 16)
    day = FIRST + dt.timedelta(days=120)
    write(customers, zone=ZONE, only=lambda on: on <= day)
    wide = random_formula(chance, "B")
    wide["measures"] = [
        {"key": f"s{place}", "source": source, "points": "percentile", "weight": 1}
        | ({"window_days": 60} if ":" in source and "users" not in source else {})
        for place, source in enumerate((*PLAIN, "usage:logins", "events:ticket_opened"))
    ]
    publish(tmp_path, random_formula(chance, "A", applies_to={"size": ["large"]}), wide)
    before = run("report_health", "--on", f"{day}")

    write(customers, zone=ZONE, only=lambda on: on > day)

    assert run("report_health", "--on", f"{day}") == before
    later = run("report_health", "--on", f"{LAST}")
    assert json.loads(later)["customers"] != json.loads(before)["customers"]
