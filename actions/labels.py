"""Translated names of the values that `domain` defines."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from actions.domain.follow_ups.causes import Cause
from actions.domain.follow_ups.groups import Group
from actions.domain.follow_ups.states import ClosedAs, Dismissal, State, Step
from actions.domain.goals import Shape, Status
from actions.domain.home import Kind, When
from actions.domain.improvements import Result
from actions.domain.playbooks.touch import Basis, Size
from actions.domain.rules.triggers import Trigger

Labels = dict[Any, str | Promise]

STATE_LABELS: Labels = {
    State.OPEN: pgettext_lazy("follow-up", "Open"),
    State.WORKING: pgettext_lazy("follow-up", "In progress"),
    State.WAITING: pgettext_lazy("follow-up", "Waiting"),
    State.CLOSED: pgettext_lazy("follow-up", "Closed"),
}

CLOSED_AS_LABELS: Labels = {
    ClosedAs.DONE: pgettext_lazy("follow-up", "Done"),
    ClosedAs.DISMISSED: _("Dismissed"),
    ClosedAs.WITHDRAWN: _("Withdrawn: the answer does not count"),
    ClosedAs.EARLIER: _("Noted before there were follow-ups"),
}

DISMISSAL_LABELS: Labels = {
    Dismissal.HISTORY: _("History from before"),
    Dismissal.SOLVED: _("Already solved"),
    Dismissal.MISTAKE: _("Answered by mistake"),
    Dismissal.NO_REPLY_WANTED: _("Wants no reply"),
    Dismissal.OTHER: _("Another reason"),
}

STEP_LABELS: Labels = {
    Step.OPENED: _("Opened"),
    Step.JOINED: _("A further answer"),
    Step.CHANGED: _("The answer was changed"),
    Step.ASSIGNED: _("Owner"),
    Step.STARTED: pgettext_lazy("follow-up", "Started"),
    Step.SNOOZED: _("Snoozed"),
    Step.COMMENTED: _("Comment"),
    Step.CONTACTED: _("Reached the customer"),
    Step.CLOSED: pgettext_lazy("follow-up", "Closed"),
    Step.REOPENED: _("Reopened"),
}

TRIGGER_LABELS: Labels = {
    Trigger.SCORE: _("Low score"),
    Trigger.FALL: _("Falling score"),
    Trigger.RENEWAL: _("Renewal near, health not good"),
    Trigger.CONTRACTION: _("MRR fell"),
    Trigger.BAND: _("Health fell into the worst band"),
    Trigger.ONBOARDING: _("Onboarding late"),
    Trigger.MANUAL: _("By hand"),
}

CAUSE_LABELS: Labels = {
    Cause.PRICE: _("Price"),
    Cause.MISSING_FEATURE: _("A feature is missing"),
    Cause.USABILITY: _("Hard to use"),
    Cause.RELIABILITY: _("Faults and outages"),
    Cause.SUPPORT: _("Support"),
    Cause.ONBOARDING: _("Onboarding"),
    Cause.EXPECTATION: _("Promised otherwise"),
    Cause.CUSTOMERS_SIDE: _("Change on the customer's side"),
    Cause.UNKNOWN: _("Could not be found out"),
}

GROUP_LABELS: Labels = {
    Group.OVERDUE: _("Overdue"),
    Group.TODAY: _("Today"),
    Group.WEEK: _("This week"),
    Group.LATER: pgettext_lazy("follow-up", "Later"),
    Group.WAITING: pgettext_lazy("follow-up", "Waiting"),
    Group.DONE: pgettext_lazy("follow-up", "Closed"),
}

SHAPE_LABELS: Labels = {
    Shape.STRAIGHT: _("A straight line"),
    Shape.LAST_YEAR: _("Last year’s shape"),
}

STATUS_LABELS: Labels = {
    Status.ON_COURSE: pgettext_lazy("goal", "On course"),
    Status.OFF_COURSE: pgettext_lazy("goal", "Off course"),
    Status.CANNOT_TELL: pgettext_lazy("goal", "Cannot tell yet"),
    "": pgettext_lazy("goal", "Not known"),
}

# Of the reading of the last day.
END_LABELS: Labels = {
    **STATUS_LABELS,
    Status.ON_COURSE: pgettext_lazy("goal", "Reached"),
    Status.OFF_COURSE: pgettext_lazy("goal", "Missed"),
    Status.CANNOT_TELL: pgettext_lazy("goal", "Nobody can tell"),
}


def status_label(status: str, *, ended: bool = False) -> str:
    """`status` is empty where nothing is known."""
    return str((END_LABELS if ended else STATUS_LABELS)[status])


RESULT_LABELS: Labels = {
    Result.RUNNING: pgettext_lazy("improvement", "Still running"),
    Result.HELPED: pgettext_lazy("improvement", "Helped"),
    Result.HARMED: pgettext_lazy("improvement", "Made it worse"),
    Result.NOT_SHOWN: pgettext_lazy("improvement", "No effect shown"),
    Result.CANNOT_TELL: pgettext_lazy("improvement", "Too few to tell"),
}

WHEN_LABELS: Labels = {
    When.OVERDUE: _("Overdue"),
    When.TODAY: pgettext_lazy("work list", "Today"),
    When.LATER: _("Coming up"),
}

# Of one line, and of all lines of a kind.
LINE_LABELS: Labels = {
    Kind.OVERDUE: _("Follow-up"),
    Kind.ONBOARDING: _("Onboarding late"),
    Kind.TODAY: _("Follow-up"),
    Kind.UNDECIDED: _("Nobody has decided on this detractor"),
    Kind.PAUSED: _("Paused campaign"),
    Kind.IMPORT: _("Failed import"),
    Kind.UNSENT: _("E-mails not sent"),
    Kind.SOURCE: _("Source is late"),
    Kind.SUSPECT: _("Not counted"),
    Kind.DRAFT: _("Campaign to launch"),
    Kind.NEW: _("New detractor"),
    Kind.RENEWAL: _("Renewal at risk"),
    Kind.GOAL: _("Goal off course"),
}

KIND_LABELS: Labels = {
    Kind.OVERDUE: _("Overdue follow-ups"),
    Kind.ONBOARDING: _("Onboarding late"),
    Kind.TODAY: _("Follow-ups due today"),
    Kind.UNDECIDED: _("Detractors to decide on"),
    Kind.PAUSED: _("Paused campaigns"),
    Kind.IMPORT: _("Failed imports"),
    Kind.UNSENT: _("E-mails not sent"),
    Kind.SOURCE: _("Sources that are late"),
    Kind.SUSPECT: _("Suspicious answers"),
    Kind.DRAFT: _("Campaigns to launch"),
    Kind.NEW: _("New detractors"),
    Kind.RENEWAL: _("Renewals at risk"),
    Kind.GOAL: _("Goals off course"),
}

BASIS_LABELS: Labels = {
    Basis.MRR: _("MRR"),
    Basis.SEATS: _("Seats"),
    Basis.SEGMENT: _("A segment"),
}

SIZE_LABELS: Labels = {
    Size.SMALL: pgettext_lazy("size", "Small"),
    Size.MEDIUM: pgettext_lazy("size", "Medium"),
    Size.LARGE: pgettext_lazy("size", "Large"),
}

RANK_LABELS: Labels = {
    "best": pgettext_lazy("health", "Best band"),
    "between": pgettext_lazy("health", "Between"),
    "worst": pgettext_lazy("health", "Worst band"),
}
