"""What is known of followed-up answers: how long it took, and what came after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.domain.segments import UNKNOWN
from accounts.models import Customer
from accounts.queries.money.revenue import billed
from actions.domain.follow_ups.effect import bands
from actions.domain.follow_ups.states import ClosedAs
from actions.models import FollowUp
from analytics.domain.periods import Period
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
    """A customer's first answer of its category in the period, as it stood at the landmark."""

    category: Category
    followed_up: bool
    # Of MRR, and of the segment that was asked for.
    stratum: str
    # The next score of the same person less this one; None where none has come.
    change: int | None
    # Whether the customer stayed for `RETENTION` after the landmark; None where it is too early.
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
    rows = _first_ones(_read(period, dimension=dimension), today=today)
    amounts = _mrr(rows)
    later = _later_scores(rows)
    knows_churn = Customer.objects.filter(churned_on__isnull=False).exists()
    return [
        Answer(
            category(row["score"]),
            _is_followed_up(row),
            f"{band}|{row['segment']}",
            _change(row, later),
            _stayed(row, today=today) if knows_churn else None,
        )
        for row, band in zip(rows, bands(amounts), strict=True)
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
            "case__follow_up__first_contact_at", "invitation__profile__values",
        )
    )  # fmt: skip
    for pk, score, at, person, customer, churned_on, contact_at, values in found.iterator():
        yield {
            "pk": pk, "score": score, "at": at, "person": person, "customer": customer,
            "churned_on": churned_on, "contact_at": contact_at,
            "segment": str((values or {}).get(dimension, UNKNOWN)) if dimension else "",
            "landmark": day_of(at + LANDMARK),
        }  # fmt: skip


def _first_ones(rows: Iterable[dict[str, Any]], *, today: dt.date) -> list[dict[str, Any]]:
    first: dict[tuple[int, Category], dict[str, Any]] = {}
    for row in rows:
        first.setdefault((row["customer"], category(row["score"])), row)
    return [
        row
        for row in first.values()
        if row["landmark"] <= today
        and (row["churned_on"] is None or row["churned_on"] > row["landmark"])
    ]


def _is_followed_up(row: dict[str, Any]) -> bool:
    return row["contact_at"] is not None and row["contact_at"] <= row["at"] + LANDMARK


def _mrr(rows: Sequence[dict[str, Any]]) -> list[float | None]:
    """At the last month-end before the answer."""
    months = [
        (day_of(row["at"]).replace(day=1) - dt.timedelta(days=1)).replace(day=1) for row in rows
    ]
    paid = billed({row["customer"] for row in rows}, months=set(months))
    found = [paid.get((row["customer"], month)) for row, month in zip(rows, months, strict=True)]
    return [None if each is None or each[0] is None else float(each[0]) for each in found]


def _later_scores(rows: Sequence[dict[str, Any]]) -> dict[int, list[tuple[dt.datetime, int]]]:
    persons = {row["person"] for row in rows}
    since = min((row["at"] for row in rows), default=None)
    if since is None:
        return {}
    found = Response.objects.counted().filter(
        invitation__person__in=persons, answered_at__gt=since + LANDMARK
    )
    scores: dict[int, list[tuple[dt.datetime, int]]] = {}
    ordered = found.order_by("answered_at", "pk")
    for person, at, score in ordered.values_list("invitation__person", "answered_at", "score"):
        scores.setdefault(person, []).append((at, score))
    return scores


def _change(row: dict[str, Any], later: dict[int, list[tuple[dt.datetime, int]]]) -> int | None:
    after = (score for at, score in later.get(row["person"], []) if at > row["at"] + LANDMARK)
    score = next(after, None)
    return None if score is None else score - row["score"]


def _stayed(row: dict[str, Any], *, today: dt.date) -> bool | None:
    """Of all alike only once the days have passed: losses are known earlier than their absence."""
    end = row["landmark"] + RETENTION
    if end > today:
        return None
    return row["churned_on"] is None or row["churned_on"] > end
