"""Imports that failed, sources that are late, and goals that are off their course."""

from __future__ import annotations

import datetime as dt
from functools import partial

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Import, ScheduledImport
from accounts.queries.facts.freshness import late_sources
from actions.domain.goals import Status
from actions.domain.home import LineKind, gap_level, weeks_between
from actions.queries.goals import last_readings
from actions.queries.home.found import Found, Line, Scope

LATELY = dt.timedelta(days=7)


def failed_imports(scope: Scope) -> Found:
    """Of fetched files also those whose columns nobody has explained: nobody waits beside them."""
    failed = Q(state__in=[Import.State.REFUSED, Import.State.FAILED])
    fetched = ScheduledImport.objects.filter(last_import=OuterRef("pk"))
    found = Import.objects.filter(
        failed | (Q(state=Import.State.COLUMNS) & Exists(fetched)),
        ~Exists(_went_in_later()),
        created_at__gt=scope.now - LATELY,
        dismissed_at__isnull=True,
    )
    if scope.is_mine:
        found = found.filter(created_by=scope.reader)
    return Found(found.count(), partial(_import_lines, found.defer("errors")))


def _went_in_later() -> QuerySet[Import]:
    """The same file, as far as its name tells: mended and uploaded again."""
    return Import.objects.filter(
        kind=OuterRef("kind"),
        file_name=OuterRef("file_name"),
        state=Import.State.DONE,
        dry_run=False,
        finished_at__gt=OuterRef("created_at"),
    )


def _import_lines(found: QuerySet[Import], first: int, last: int) -> list[Line]:
    never_came = ScheduledImport.objects.filter(told=OuterRef("pk"))
    found = found.annotate(never_came=Exists(never_came))
    return [Line(LineKind.IMPORT, str(each.pk), each) for each in found[first:last]]


def late(scope: Scope) -> Found:
    rows = late_sources(today=scope.today)
    return Found(
        len(rows),
        lambda first, last: [
            Line(
                LineKind.SOURCE,
                f"{each.measure} {each.last_day}",
                each,
                level=weeks_between(each.last_day, scope.today),
            )
            for each in rows[first:last]
        ],
    )


def goals_off_course(scope: Scope) -> Found:
    rows = [
        (goal, reading)
        for goal, reading in last_readings(scope.today)
        if reading.status == Status.OFF_COURSE
    ]
    return Found(
        len(rows),
        lambda first, last: [
            Line(
                LineKind.GOAL,
                str(goal.pk),
                (goal, reading),
                due=goal.last_day,
                level=gap_level(
                    reading.value or 0.0,
                    expected=reading.expected,
                    start=goal.start,
                    target=goal.target,
                ),
            )
            for goal, reading in rows[first:last]
        ],
    )
