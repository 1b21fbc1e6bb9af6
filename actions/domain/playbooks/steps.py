"""The steps of a playbook: of what kind, by when, and how a run of it ends."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from enum import StrEnum

from actions.domain.follow_ups.due import WorkHours

# A year of working days: later than that is another playbook.
LONGEST_DAYS = 250
MOST_STEPS = 20


class StepKind(StrEnum):
    TASK = "task"
    # A draft for the owner's own mail client.
    MAIL = "mail"
    # The owner asks the customer's people in a campaign, by one press and within all limits.
    SURVEY = "survey"
    # The machine's own: a message to a channel.
    WEBHOOK = "webhook"


class StepState(StrEnum):
    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"
    # The run ended before it.
    DROPPED = "dropped"


class RunResult(StrEnum):
    REACHED = "reached"
    NOT_REACHED = "not_reached"
    GIVEN_UP = "given_up"
    # The customer left while it ran.
    LEFT = "left"


# What a person may say; that a customer left is seen by the machine.
BY_HAND = tuple(each for each in RunResult if each is not RunResult.LEFT)


class Placeholder(StrEnum):
    NAME = "name"
    CUSTOMER = "customer"
    OWNER = "owner"


_PLACEHOLDER = re.compile(r"\{(" + "|".join(Placeholder) + r")\}")


def filled(text: str, values: Mapping[Placeholder, str]) -> str:
    """Other braces stay as they are, and so do those in what is filled in."""
    return _PLACEHOLDER.sub(lambda found: values[Placeholder(found[1])], text)


def begins_in(start: dt.datetime, *, days: int, work: WorkHours) -> dt.datetime:
    """The beginning of work so many working days after that of the start, which may be now."""
    opening = work.opens(start)
    for _ in range(days):
        opening = work.opens(_end(opening, work))
    return opening


def due_in(start: dt.datetime, *, days: int, work: WorkHours) -> dt.datetime:
    """The end of that working day."""
    return _end(begins_in(start, days=days, work=work), work)


def _end(opening: dt.datetime, work: WorkHours) -> dt.datetime:
    return work.closes(opening) or opening + dt.timedelta(days=1)
