"""The health score once more, from its description: loops over plain facts.

Nothing of production is used, so that what both agree on is what the description says.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

Number = float | None
ONE_DAY = dt.timedelta(days=1)
YEAR = 365


@dataclass
class Known:
    """All that is ever told of one customer; rows of (when, what)."""

    customer_id: str
    started: dt.date | None = None
    churned: dt.date | None = None
    versions: list[tuple[dt.date, dict[str, str]]] = field(default_factory=list)
    # Seats and the day of renewal, by the day they became known.
    terms: list[tuple[dt.date, float | None, dt.date | None]] = field(default_factory=list)
    mrr: dict[dt.date, float] = field(default_factory=dict)
    # Who was asked and when; when it answered, how, and whether that counts.
    asked: list[tuple[int, dt.datetime, dt.datetime | None, int, bool]] = field(
        default_factory=list
    )
    usage: dict[str, dict[dt.date, float]] = field(default_factory=dict)
    events: dict[str, list[tuple[dt.datetime, float | None]]] = field(default_factory=dict)
    pulses: list[tuple[dt.datetime, float]] = field(default_factory=list)


@dataclass
class Row:
    """One customer on one day."""

    customer: Known
    formula: dict[str, Any]
    values: list[Number]
    known_share: float
    too_new: bool
    points: list[Number] = field(default_factory=list)
    score: Number = None

    @property
    def counts(self) -> bool:
        return not self.too_new and self.known_share >= self.formula["min_known_share"] - 1e-9

    @property
    def weights(self) -> list[float]:
        """Those of unknown ones shared out over the known."""
        given = [each["weight"] for each in self.formula["measures"]]
        known = sum(w for w, v in zip(given, self.values, strict=True) if v is not None)
        return [
            w * sum(given) / known if v is not None and known else 0.0
            for w, v in zip(given, self.values, strict=True)
        ]

    @property
    def band(self) -> str | None:
        if self.score is None:
            return None
        bands = sorted(self.formula["bands"], key=lambda each: -each["from"])
        name: str = next(each["name"] for each in bands if self.score >= each["from"] - 1e-9)
        return name


class Oracle:
    def __init__(self, customers: Sequence[Known], *, zone: str) -> None:
        self.customers = customers
        self.zone = ZoneInfo(zone)
        self.months = sorted({month for each in customers for month in each.mrr})

    def scores(self, day: dt.date, formulas: Sequence[dict[str, Any]]) -> list[Row]:
        """Of who is there, by the first formula that applies."""
        rows = []
        for customer in self.customers:
            there = (customer.started is None or customer.started <= day) and (
                customer.churned is None or customer.churned > day
            )
            formula = next((each for each in formulas if self._applies(each, customer, day)), None)
            if there and formula:
                rows.append(self._row(customer, formula, day))
        for row in rows:
            among = [each for each in rows if each.formula is row.formula and each.counts]
            self._score(row, among)
        return rows

    def _applies(self, formula: dict[str, Any], customer: Known, day: dt.date) -> bool:
        known = self._attributes(customer, day)
        wanted = formula.get("applies_to", {})
        return all(known.get(name) in values for name, values in wanted.items())

    def _row(self, customer: Known, formula: dict[str, Any], day: dt.date) -> Row:
        values = [self.value(customer, each, day) for each in formula["measures"]]
        weights = [each["weight"] for each in formula["measures"]]
        known = sum(w for w, v in zip(weights, values, strict=True) if v is not None)
        young = (
            customer.started is not None and (day - customer.started).days < formula["too_new_days"]
        )
        return Row(customer, formula, values, known / sum(weights), young)

    def _score(self, row: Row, among: Sequence[Row]) -> None:
        for place, measure in enumerate(row.formula["measures"]):
            others = [each.values[place] for each in among]
            row.points.append(_points(measure, row.values[place], others))
        if row.counts:
            parts = zip(row.points, row.weights, strict=True)
            row.score = sum((p or 0) * w for p, w in parts) / sum(row.weights)

    def value(self, customer: Known, measure: dict[str, Any], day: dt.date) -> Number:
        if "change" in measure:
            before = day - dt.timedelta(days=measure["window_days"])
            return _change(self._per(customer, measure, day), self._per(customer, measure, before))
        return self._per(customer, measure, day)

    def _per(self, customer: Known, measure: dict[str, Any], day: dt.date) -> Number:
        found = self._plain(customer, measure, day)
        if measure.get("per", "none") == "none" or found is None:
            return found
        by = self._plain(customer, {"source": measure["per"]}, day)
        return found / by if by is not None and by > 0 else None

    def _plain(self, customer: Known, measure: dict[str, Any], day: dt.date) -> Number:
        kind, _, name = measure["source"].partition(":")
        if kind in ("usage", "events"):
            return self._window(customer, kind, name, measure, day)
        found: Number = getattr(self, f"_{kind}")(customer, measure, day, name)
        return found

    def _days(self, moments: Sequence[Any]) -> Iterator[tuple[dt.date, Any]]:
        """By their moments, as days of the organisation."""
        for moment, *rest in sorted(moments):
            yield moment.astimezone(self.zone).date(), rest

    def _answers(self, customer: Known, day: dt.date) -> list[tuple[dt.date, int, float]]:
        rows = [(at, who, score) for who, _, at, score, good in customer.asked if at and good]
        return [(on, who, score) for on, (who, score) in self._days(rows) if on <= day]

    def _nps_last(self, customer: Known, measure: Any, day: dt.date, _: str) -> Number:
        found = self._answers(customer, day)
        most = measure.get("max_age_days", 10**6)
        return found[-1][2] if found and (day - found[-1][0]).days <= most else None

    def _nps_account(self, customer: Known, measure: Any, day: dt.date, _: str) -> Number:
        last = {who: (on, score) for on, who, score in self._answers(customer, day)}
        most = measure.get("max_age_days", YEAR)
        votes = [
            (score >= 9) - (score <= 6) for on, score in last.values() if (day - on).days <= most
        ]
        return 100 * sum(votes) / len(votes) if votes else None

    def _response_rate(self, customer: Known, measure: Any, day: dt.date, _: str) -> Number:
        first = day - dt.timedelta(days=measure.get("window_days", YEAR) - 1)
        came = [
            good and at is not None and at.astimezone(self.zone).date() <= day
            for _, sent, at, _, good in customer.asked
            if first <= sent.astimezone(self.zone).date() <= day
        ]
        return sum(came) / len(came) if came else None

    def _mrr(self, customer: Known, measure: Any, day: dt.date, _: str) -> Number:
        known = [month for month in self.months if _after(month, 1) <= day + ONE_DAY]
        return customer.mrr.get(known[-1], 0.0) if known else None

    def _mrr_change_3m(self, customer: Known, measure: Any, day: dt.date, _: str) -> Number:
        known = [month for month in self.months if _after(month, 1) <= day + ONE_DAY]
        before = _after(known[-1], -3) if known else None
        if before not in self.months:
            return None
        return _change(customer.mrr.get(known[-1], 0.0), customer.mrr.get(before, 0.0))

    def _tenure_months(self, customer: Known, measure: Any, day: dt.date, _: str) -> Number:
        if customer.started is None or customer.started > day:
            return None
        return (day - customer.started).days / (365.25 / 12)

    def _days_to_renewal(self, customer: Known, measure: Any, day: dt.date, _: str) -> Number:
        known = [renews for since, _, renews in sorted(customer.terms) if since <= day]
        return (known[-1] - day).days if known and known[-1] else None

    def _seats(self, customer: Known, measure: Any, day: dt.date, _: str) -> Number:
        rows = [(since, seats) for since, seats, _ in sorted(customer.terms) if seats is not None]
        known = [seats for since, seats in rows if since <= day]
        return known[-1] if known else (rows[0][1] if rows else None)

    def _pulse(self, customer: Known, measure: Any, day: dt.date, _: str) -> Number:
        found = [(on, value) for on, (value,) in self._days(customer.pulses) if on <= day]
        most = min(measure.get("max_age_days", 89), 89)
        return found[-1][1] if found and (day - found[-1][0]).days <= most else None

    def _attribute(self, customer: Known, measure: Any, day: dt.date, name: str) -> Number:
        try:
            return float(self._attributes(customer, day).get(name, ""))
        except ValueError:
            return None

    def _attributes(self, customer: Known, day: dt.date) -> dict[str, str]:
        rows = sorted(customer.versions, key=lambda each: each[0])
        known = [given for since, given in rows if since <= day]
        return known[-1] if known else rows[0][1]

    def _onboarding_done(self, customer: Known, measure: Any, day: dt.date, _: str) -> Number:
        kind = "onboarding_completed"
        if not any(self._happened(each, kind, day) for each in self.customers):
            return None
        return float(bool(self._happened(customer, kind, day)))

    def _open_follow_ups(self, customer: Known, measure: Any, day: dt.date, _: str) -> Number:
        return None

    def _happened(self, customer: Known, kind: str, day: dt.date) -> list[tuple[dt.date, float]]:
        rows = [
            (on, 1.0 if value is None else value)
            for on, (value,) in self._days(customer.events.get(kind, []))
        ]
        return [(on, value) for on, value in rows if on <= day]

    def _used(self, customer: Known, name: str, day: dt.date) -> list[tuple[dt.date, float]]:
        return [(on, v) for on, v in sorted(customer.usage.get(name, {}).items()) if on <= day]

    def _window(
        self, customer: Known, kind: str, name: str, measure: dict[str, Any], day: dt.date
    ) -> Number:
        read: Callable[..., list[tuple[dt.date, float]]] = (
            self._used if kind == "usage" else self._happened
        )
        first = day - dt.timedelta(days=measure.get("window_days", YEAR) - 1)
        everybody = [read(each, name, day) for each in self.customers]
        mine = read(customer, name, day)
        inside = [(on, value) for on, value in mine if on >= first]
        if kind == "usage":
            alive = any(rows and rows[-1][0] >= first for rows in everybody)
            told = bool(mine) and alive
            active = [on for on, value in inside if value > 0]
        else:
            told = any(everybody)
            active = [on for on, _ in inside]
        how = measure.get("aggregate", "sum" if kind == "usage" else "count")
        values = [value for _, value in inside]
        if how in ("sum", "count", "days_active"):
            counted = {"sum": sum(values), "count": len(values), "days_active": len(set(active))}
            return float(counted[how]) if told else None
        if how == "days_since":
            return float((day - active[-1]).days) if active else None
        if not values:
            return None
        return {"mean": sum(values) / len(values), "last": values[-1], "max": max(values)}[how]


def _points(measure: dict[str, Any], value: Number, others: Sequence[Number]) -> Number:
    known = [each for each in others if each is not None]
    if value is None:
        return None
    if measure["points"] != "percentile":
        return _between(value, measure["points"])
    if not known:
        return None
    rank = sum((each < value) + 0.5 * (each == value) for each in known) / len(known) * 100
    return 100 - rank if measure.get("direction") == "low_is_good" else rank


def _between(value: float, knots: Sequence[Sequence[float]]) -> float:
    if value <= knots[0][0]:
        return knots[0][1]
    for (x, y), (to_x, to_y) in pairwise(knots):
        if value <= to_x:
            return y + (value - x) / (to_x - x) * (to_y - y)
    return knots[-1][1]


def _change(now: Number, before: Number) -> Number:
    return now / before - 1 if now is not None and before is not None and before > 0 else None


def _after(month: dt.date, number: int) -> dt.date:
    """The first day of the month so many later."""
    place = month.year * 12 + month.month - 1 + number
    return dt.date(place // 12, place % 12 + 1, 1)
