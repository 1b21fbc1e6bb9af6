"""What is known of followed-up answers: how long it took, and what came after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.domain.money import Paid
from accounts.domain.segments import UNKNOWN
from accounts.queries.money.currency import conversion
from accounts.queries.money.revenue import billed
from actions.domain.follow_ups.effect import bands
from actions.domain.follow_ups.hold_out import Arm
from actions.domain.follow_ups.states import ClosedAs
from actions.models import FollowUp
from analytics.domain.periods import Period
from analytics.queries.customers.known import knows_who_left
from analytics.queries.database.clock import day_of, midnight
from surveys.domain.answers.scoring import PROMOTER_MIN, Category, category
from surveys.domain.reasons import InvitationReason
from surveys.models import Response

# What is done by then counts as followed up; what came after is looked at from then on.
LANDMARK = dt.timedelta(days=30)
RETENTION = dt.timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Course:
    """One follow-up: when it was opened, was due, had its first contact, and was closed."""

    customer: int | None
    opened_at: dt.datetime
    due_at: dt.datetime
    contact_at: dt.datetime | None
    closed_at: dt.datetime | None
    root_cause: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A customer's first answer of its category in the period, and what came after."""

    category: Category
    # Reached by the landmark; by lot: not held out, whether or not anybody was reached.
    followed_up: bool
    # Of MRR, of the segment that was asked for, and of the share that was held out.
    stratum: str
    # The next score of the same person less this one; None where none has come.
    change: int | None
    # Whether the customer stayed for `RETENTION` from then on; None where it is too early.
    stayed: bool | None


def courses(period: Period) -> list[Course]:
    """Of those opened in the period; what was dismissed or withdrawn was no work."""
    rows = FollowUp.objects.filter(
        opened_at__gte=midnight(period.start), opened_at__lt=midnight(period.end)
    ).exclude(closed_as__in=[ClosedAs.DISMISSED, ClosedAs.WITHDRAWN, ClosedAs.EARLIER])
    names = (
        "customer", "opened_at", "first_due_at", "first_contact_at", "closed_at", "root_cause"
    )  # fmt: skip
    return [Course(*row) for row in rows.order_by("opened_at", "pk").values_list(*names)]


def answers(period: Period, *, dimension: str, today: dt.date) -> list[Answer]:
    """Of customers that were still there at the landmark, which must have passed."""
    rows = [
        row
        for row in _first_ones(_read(period, dimension=dimension))
        if row["from"] <= today and (row["churned_on"] is None or row["churned_on"] > row["from"])
    ]
    return _with_what_came(rows, [_is_followed_up(row) for row in rows], today=today)


def drawn_answers(period: Period, *, dimension: str, today: dt.date) -> list[Answer]:
    """Of passives in a hold-out, as the lot fell: what came is looked at from the answer on."""
    drawn = (row for row in _read(period, dimension=dimension) if row["arm"])
    rows = [
        {**row, "since": row["at"], "from": day_of(row["at"]),
         "segment": f"{row['segment']}|{row['arm_percent']}"}
        for row in _first_ones(drawn)
    ]  # fmt: skip
    return _with_what_came(rows, [row["arm"] == Arm.FOLLOWED_UP for row in rows], today=today)


def _with_what_came(
    rows: Sequence[dict[str, Any]], followed_up: Sequence[bool], *, today: dt.date
) -> list[Answer]:
    later = _later_scores(rows)
    knows_churn = knows_who_left()
    return [
        Answer(
            category(row["score"]),
            is_one,
            f"{band}|{row['segment']}",
            _change(row, later),
            _stayed(row, today=today) if knows_churn else None,
        )
        for row, band, is_one in zip(rows, bands(_mrr(rows)), followed_up, strict=True)
    ]


def _read(period: Period, *, dimension: str) -> Iterable[dict[str, Any]]:
    found = (
        Response.objects.counted()
        .filter(
            score__lt=PROMOTER_MIN,
            answered_at__gte=midnight(period.start),
            answered_at__lt=midnight(period.end),
            invitation__respondent__customer__isnull=False,
        )
        # What was imported could not be followed up here: it would be compared with what could.
        .exclude(invitation__reason=InvitationReason.IMPORTED)
        .order_by("answered_at", "pk")
        .values_list(
            "pk", "score", "answered_at", "invitation__person",
            "invitation__respondent__customer",
            "invitation__respondent__customer__churned_on",
            "case__follow_up__first_contact_at", "case__arm", "case__arm_percent",
            "invitation__profile__values",
        )
    )  # fmt: skip
    names = (
        "pk", "score", "at", "person", "customer", "churned_on", "contact_at", "arm", "arm_percent"
    )  # fmt: skip
    for *known, values in found.iterator():
        row: dict[str, Any] = dict(zip(names, known, strict=True))
        since = row["at"] + LANDMARK
        segment = str((values or {}).get(dimension, UNKNOWN)) if dimension else ""
        # What comes after `since` is an outcome, on days after `from`.
        yield {**row, "segment": segment, "since": since, "from": day_of(since)}


def _first_ones(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of each customer and category."""
    first: dict[tuple[int, Category], dict[str, Any]] = {}
    for row in rows:
        first.setdefault((row["customer"], category(row["score"])), row)
    return list(first.values())


def _is_followed_up(row: dict[str, Any]) -> bool:
    return row["contact_at"] is not None and row["contact_at"] <= row["since"]


def _mrr(rows: Sequence[dict[str, Any]]) -> list[float | None]:
    """At the last month-end before the answer, all in the currency of reports."""
    months = [
        (day_of(row["at"]).replace(day=1) - dt.timedelta(days=1)).replace(day=1) for row in rows
    ]
    paid = billed({row["customer"] for row in rows}, months=set(months))
    rates = conversion()
    found = [
        rates.converted(Paid(*paid.get((row["customer"], month), (None, "")), month))
        for row, month in zip(rows, months, strict=True)
    ]
    return [None if each is None else float(each) for each in found]


def _later_scores(rows: Sequence[dict[str, Any]]) -> dict[int, list[tuple[dt.datetime, int]]]:
    persons = {row["person"] for row in rows}
    since = min((row["since"] for row in rows), default=None)
    if since is None:
        return {}
    found = Response.objects.counted().filter(invitation__person__in=persons, answered_at__gt=since)
    scores: dict[int, list[tuple[dt.datetime, int]]] = {}
    ordered = found.order_by("answered_at", "pk")
    for person, at, score in ordered.values_list("invitation__person", "answered_at", "score"):
        scores.setdefault(person, []).append((at, score))
    return scores


def _change(row: dict[str, Any], later: dict[int, list[tuple[dt.datetime, int]]]) -> int | None:
    after = (score for at, score in later.get(row["person"], []) if at > row["since"])
    score = next(after, None)
    return None if score is None else score - row["score"]


def _stayed(row: dict[str, Any], *, today: dt.date) -> bool | None:
    """Of all alike only once the days have passed: losses are known earlier than their absence."""
    end = row["from"] + RETENTION
    if end > today:
        return None
    return row["churned_on"] is None or row["churned_on"] > end
