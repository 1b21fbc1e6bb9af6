"""How fast follow-ups were worked on, why customers were unhappy, and what came after."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any, ClassVar

import pandas as pd
from django.utils.translation import gettext as _

from actions.domain.follow_ups.effect import Case, Effect, effect
from actions.queries.follow_ups.causes import cause_name
from actions.queries.follow_ups.effect import (
    LANDMARK,
    RETENTION,
    Answer,
    Course,
    answers,
    courses,
    drawn_answers,
)
from analytics.charts.drawing import Chart
from analytics.domain.metrics.estimates import rate_estimate, time_estimate
from analytics.domain.periods import Period
from analytics.queries.database.snapshot import one_snapshot
from analytics.reports.report import (
    CountOrNone,
    Kind,
    Number,
    Table,
    columns_of,
    dated,
    period_dict,
    values_of,
)
from surveys.domain.answers.scoring import Category

HOUR = dt.timedelta(hours=1)
CATEGORIES = (Category.DETRACTOR, Category.PASSIVE)
# Detractors never are.
HELD_OUT = (Category.PASSIVE,)


@dataclass(frozen=True, slots=True)
class Hours:
    """The median of hours; what has not come yet is censored (Kaplan-Meier)."""

    value: float | None
    low: float | None
    high: float | None
    follow_ups: int
    # Of them, of so many it is known.
    reached: int


@dataclass(frozen=True, slots=True)
class InTime:
    """Of those that were due, the share that was reached by then."""

    value: float | None
    low: float | None
    high: float | None
    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class CauseRow:
    cause: str
    name: str
    follow_ups: int
    share: float


@dataclass(frozen=True, slots=True)
class EffectRow:
    category: str
    # next_score: by how much it changed; retention: the share that stayed.
    outcome: str
    effect: Effect
    # Who was followed up was drawn, and is compared as the lot fell.
    is_trial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    figure: Annotated[str, Kind.TEXT]
    of: Annotated[str, Kind.TEXT]
    number: CountOrNone
    value: Number
    low: Number
    high: Number
    compared_number: CountOrNone = None
    compared: Number = None
    difference: Number = None


COLUMNS = columns_of(_Line)


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpReport:
    name: ClassVar[str] = "follow_ups"

    period: Period
    by: str
    opened: int
    closed: int
    first_contact: Hours
    closing: Hours
    contacted_in_time: InTime
    closed_in_time: InTime
    root_causes: tuple[CauseRow, ...]
    effects: tuple[EffectRow, ...]

    @property
    def file_name(self) -> str:
        return dated("follow-ups", self.period)

    @property
    def observed(self) -> tuple[EffectRow, ...]:
        return tuple(each for each in self.effects if not each.is_trial)

    @property
    def trial(self) -> tuple[EffectRow, ...]:
        """Empty where nobody was held out in the period."""
        return tuple(each for each in self.effects if each.is_trial)

    @property
    def trial_note(self) -> str:
        return (
            _(
                "This is a trial: who was held out was drawn by lot. All customers are compared as "
                "the lot fell, whether or not anybody reached them (by intention to treat)."
            )
            if self.trial
            else ""
        )

    @property
    def note(self) -> str:
        return _(
            "This is no trial: who is followed up was chosen, not drawn. Within bands of MRR and "
            "the chosen segment the groups are alike in these alone; a difference may have "
            "other reasons."
        )

    def charts(self, *, today: dt.date) -> list[Chart]:
        return []

    def tables(self) -> list[Table]:
        return [Table(self.name, COLUMNS, [values_of(each, COLUMNS) for each in self._lines()])]

    def _lines(self) -> Iterable[_Line]:
        for name in ("first_contact", "closing"):
            found: Hours = getattr(self, name)
            yield _Line(
                figure=f"{name}_hours", of="", number=found.follow_ups, value=found.value,
                low=found.low, high=found.high,
            )  # fmt: skip
        for name in ("contacted_in_time", "closed_in_time"):
            share: InTime = getattr(self, name)
            yield _Line(
                figure=name, of="", number=share.denominator, value=share.value, low=share.low,
                high=share.high,
            )  # fmt: skip
        for row in self.root_causes:
            yield _Line(
                figure="root_cause", of=row.cause, number=row.follow_ups, value=row.share,
                low=None, high=None,
            )  # fmt: skip
        for each in self.effects:
            of = each.effect
            yield _Line(
                figure=f"{each.outcome}_trial" if each.is_trial else each.outcome,
                of=each.category, number=of.followed_up,
                value=of.mean_followed_up, compared_number=of.others, compared=of.mean_others,
                difference=of.difference, low=of.low, high=of.high,
            )  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        return {
            "period": period_dict(self.period),
            "by": self.by,
            "opened": self.opened,
            "closed": self.closed,
            "first_contact_hours": asdict(self.first_contact),
            "closing_hours": asdict(self.closing),
            "contacted_in_time": asdict(self.contacted_in_time),
            "closed_in_time": asdict(self.closed_in_time),
            "root_causes": [asdict(each) for each in self.root_causes],
            "landmark_days": LANDMARK.days,
            "retention_days": RETENTION.days,
            "effect": [
                {"category": each.category, "outcome": each.outcome, **each.effect._asdict()}
                for each in self.observed
            ],
            "note": self.note,
            "trial": [
                {"category": each.category, "outcome": each.outcome, **each.effect._asdict()}
                for each in self.trial
            ],
            "trial_note": self.trial_note,
        }


@one_snapshot()
def follow_up_report(
    period: Period, *, by: str, now: dt.datetime, today: dt.date
) -> FollowUpReport:
    """`by`: a dimension that customers are compared within, besides their MRR; empty: none."""
    found = courses(period)
    contacts = [(each.contact_at, each.closed_at or now) for each in found]
    ends = [(each.closed_at, now) for each in found]
    known = answers(period, dimension=by, today=today)
    drawn = drawn_answers(period, dimension=by, today=today)
    return FollowUpReport(
        period=period,
        by=by,
        opened=len(found),
        closed=sum(each.closed_at is not None for each in found),
        first_contact=_hours(found, contacts),
        closing=_hours(found, ends),
        contacted_in_time=_in_time(found, [at for at, _ in contacts], now=now),
        closed_in_time=_in_time(found, [at for at, _ in ends], now=now),
        root_causes=tuple(_causes(found)),
        effects=(*_effects(known), *(_effects(drawn, is_trial=True) if drawn else ())),
    )


def _hours(
    found: Sequence[Course], moments: Sequence[tuple[dt.datetime | None, dt.datetime]]
) -> Hours:
    """Each moment, else that until which it had not come."""
    reached = [at is not None for at, _ in moments]
    hours = [
        max(((at or until) - each.opened_at) / HOUR, 0.0)
        for each, (at, until) in zip(found, moments, strict=True)
    ]
    owners = [each.customer or -place for place, each in enumerate(found, 1)]
    of = time_estimate(pd.DataFrame({"customer": owners, "time": hours, "closed": reached}))
    return Hours(of.value, of.low, of.high, len(found), sum(reached))


def _in_time(
    found: Sequence[Course], moments: Sequence[dt.datetime | None], *, now: dt.datetime
) -> InTime:
    """Whose due date has passed, and whoever was earlier."""
    pairs = [
        (each, at)
        for each, at in zip(found, moments, strict=True)
        if each.due_at <= now or at is not None
    ]
    part = sum(at is not None and at <= each.due_at for each, at in pairs)
    of = rate_estimate(part, len(pairs))
    return InTime(of.value, of.low, of.high, part, len(pairs))


def _causes(found: Sequence[Course]) -> Iterable[CauseRow]:
    counted = Counter(each.root_cause for each in found if each.root_cause)
    total = sum(counted.values())
    for cause, number in counted.most_common():
        yield CauseRow(cause, cause_name(cause), number, number / total)


def _effects(known: Sequence[Answer], *, is_trial: bool = False) -> Iterable[EffectRow]:
    for category in HELD_OUT if is_trial else CATEGORIES:
        rows = [each for each in known if each.category == category]
        scores = [
            Case(each.stratum, each.followed_up, float(each.change))
            for each in rows
            if each.change is not None
        ]
        stays = [
            Case(each.stratum, each.followed_up, float(each.stayed))
            for each in rows
            if each.stayed is not None
        ]
        yield EffectRow(category, "next_score", effect(scores, is_share=False), is_trial)
        yield EffectRow(category, "retention", effect(stays, is_share=True), is_trial)
