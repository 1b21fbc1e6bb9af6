"""What a kind of lines found, for whom: how many in all, and those that are asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from accounts.models import StaffUser
from accounts.queries.customers.owners import accounts_of
from actions.domain.home import LineKind
from analytics.queries.health.standing import Standing
from surveys.models import Response
from surveys.queries.calendar.days import day_of


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose work: that of the reader with what is nobody's, or everybody's."""

    reader: StaffUser
    now: dt.datetime
    is_mine: bool

    @property
    def today(self) -> dt.date:
        return day_of(self.now)

    def accounts(self, path: str) -> Q:
        """Of the rows whose customer is at `path`. What has no owner is everybody's."""
        if not self.is_mine:
            return Q()
        owner = "owner_email" if path == "pk" else f"{path}__owner_email"
        return Q(**{f"{path}__in": accounts_of(self.reader.email)}) | Q(**{owner: ""})


@dataclass(frozen=True, slots=True)
class Line:
    kind: LineKind
    # Of what it tells; with its level, what is remembered of one that is hidden.
    key: str
    # What the template names.
    about: Any
    level: int = 0
    # A moment, or a day; None: there is none.
    due: dt.datetime | dt.date | None = None
    # With its MRR and currency.
    customer: Any = None
    health: Standing | None = None
    response: Response | None = None
    # Somebody is already at it.
    follow_up: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    total: int
    # From one place to another, in the order in which they are due.
    take: Callable[[int, int], list[Line]]


def nothing(_first: int, _last: int) -> list[Line]:
    return []
