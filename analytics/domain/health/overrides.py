"""How long somebody's own judgement may stand against the computed one."""

from __future__ import annotations

from datetime import date, timedelta

LONGEST = timedelta(days=90)


def latest_end(today: date) -> date:
    return today + LONGEST


def may_end(until: date, *, today: date) -> bool:
    return today <= until <= latest_end(today)
