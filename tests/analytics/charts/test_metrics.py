from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from analytics.charts.metrics import metric_alt, metric_chart
from analytics.charts.trend import Timeline
from analytics.domain.metrics.catalogue import Unit
from analytics.domain.periods import month_of
from analytics.reports.metrics.course import Point

MONTHS = ("2026-04", "2026-05", "2026-06")


def point(period: str, value: float | None, *, reportable: bool = True) -> Point:
    return Point(
        period=period, value=value, low=None if value is None else value - 0.05,
        high=None if value is None else value + 0.05, numerator=1, denominator=20,
        reportable=reportable, whole=True,
        days=month_of(dt.date.fromisoformat(f"{period}-01")),
    )  # fmt: skip


POINTS = [point(MONTHS[0], 0.2), point(MONTHS[1], None), point(MONTHS[2], 0.3, reportable=False)]


def drawn(points: list[Point], *, unit: Unit, target: float | None = None) -> Any:
    spec = metric_chart(
        points, unit=unit, label="Rate", currency="JPY", timeline=Timeline(MONTHS), target=target
    )
    return json.loads(json.dumps(spec))


def domain(spec: Any) -> list[float]:
    [found] = {
        tuple(layer["encoding"]["y"]["scale"]["domain"])
        for layer in spec["layer"]
        if "scale" in layer["encoding"].get("y", {})
    }
    return list(found)


def test_band_line_and_hollow_points_have_what_is_known() -> None:
    spec = drawn(POINTS, unit=Unit.SHARE)

    shown = [row for rows in spec["datasets"].values() for row in rows]
    assert {row["period"] for row in shown} == {"2026-04", "2026-06"}
    assert {row["shown"] for row in shown} == {
        "20.0\u00a0% (15.0\u00a0% … 25.0\u00a0%)", "30.0\u00a0% (25.0\u00a0% … 35.0\u00a0%)",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "target", "ends"),
    [
        (Unit.SHARE, None, [0, 0.35]),
        (Unit.SHARE, 0.8, [0, 0.8]),
        (Unit.DAYS, None, [0, 0.3675]),
    ],
)
def test_the_axis_begins_with_nothing_and_holds_the_target(
    unit: Unit, target: float | None, ends: list[float]
) -> None:
    assert domain(drawn(POINTS, unit=unit, target=target)) == pytest.approx(ends)


def test_a_share_far_from_nothing_has_an_axis_of_its_own() -> None:
    assert domain(drawn([point(MONTHS[0], 0.92)], unit=Unit.SHARE)) == pytest.approx([0.85, 1])


def test_nothing_known_is_an_empty_picture_and_a_sentence() -> None:
    assert drawn([point(MONTHS[0], None)], unit=Unit.HOURS)["layer"]
    text = metric_alt([point(MONTHS[0], None)], unit=Unit.HOURS, label="Hours", currency="")
    assert text == "Hours: no figure in this period."
