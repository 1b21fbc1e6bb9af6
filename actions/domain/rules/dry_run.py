"""What a rule would have done: tried on answers that were given, before it is put to use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from actions.domain.rules.triggers import Rule, Said, fires


@dataclass(frozen=True, slots=True)
class Past:
    at: dt.datetime
    # Of the customer, or of who is at none.
    subject: str
    said: Said


@dataclass(frozen=True, slots=True)
class Result:
    """Of so many answers so many would have fired, and opened so many follow-ups."""

    answers: int
    fired: int
    opened: int


def dry_run(
    answers: Iterable[Past], rule: Rule, *, due: Callable[[dt.datetime], dt.datetime]
) -> Result:
    """In order of time. An answer joins the follow-up before it until that one is due."""
    number = fired = opened = 0
    until: dict[str, dt.datetime] = {}
    for each in answers:
        number += 1
        if not fires(rule, each.said):
            continue
        fired += 1
        if each.subject not in until or each.at >= until[each.subject]:
            opened += 1
            until[each.subject] = due(each.at)
    return Result(number, fired, opened)
