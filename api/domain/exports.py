"""Exports as jobs: what can be had, and how far one is."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from accounts.domain.access.roles import Permission

KEPT = dt.timedelta(hours=24)
# Of a worker that has not said since then that it lives: another one begins anew.
SILENT = dt.timedelta(minutes=10)
# Of one key, waiting or at work.
MOST_AT_ONCE = 5
# Of one key, done: each holds all that there is, and the disk is everybody's.
MOST_KEPT = 20


class ExportKind(StrEnum):
    CUSTOMERS = "customers"
    RESPONDENTS = "respondents"
    REVENUE = "revenue"
    USAGE = "usage"
    EVENTS = "events"
    RESPONSES = "responses"


class ExportState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


OPEN = (ExportState.WAITING, ExportState.RUNNING)


def permission_for(kind: ExportKind) -> Permission:
    """As for the page's file of the same."""
    of_answers = kind is ExportKind.RESPONSES
    return Permission.EXPORT_RESPONSES if of_answers else Permission.VIEW_PEOPLE
