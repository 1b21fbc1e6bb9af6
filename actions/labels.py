"""Translated names of the values that `domain` defines."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from actions.domain.alerts.names import EventName
from actions.domain.alerts.rules import Group as AlertGroup
from actions.domain.deliveries.states import DeliveryState, Disabled, Fault, Kind
from actions.domain.follow_ups.causes import Cause
from actions.domain.follow_ups.groups import Group
from actions.domain.follow_ups.states import ClosedAs, Dismissal, State, Step
from actions.domain.goals import Shape, Status
from actions.domain.home import LineKind, When
from actions.domain.improvements import Result
from actions.domain.playbooks.starting import StartedBy
from actions.domain.playbooks.steps import RunResult, StepKind, StepState
from actions.domain.playbooks.touch import Basis, Size
from actions.domain.replies import ReplyState
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
    Dismissal.HELD_OUT: _("Held out for the comparison: nobody is to get in touch"),
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
    Step.REPLIED: _("Wrote to the customer"),
    Step.IMPROVES: _("Led to an improvement"),
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
    Trigger.SILENCE: _("No answer of a key person"),
    Trigger.MANUAL: _("By hand"),
}

REPLY_LABELS: Labels = {
    ReplyState.WAITING: _("Waiting to be sent"),
    ReplyState.SENT: pgettext_lazy("reply", "Sent"),
    ReplyState.FAILED: _("Not sent"),
    ReplyState.UNKNOWN: _("Nobody knows whether it was sent"),
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
    Group.TODAY: pgettext_lazy("follow-up", "Today"),
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


# Without an end there is no course: it is what the reports say of a target.
TARGET_LABELS: Labels = {
    **STATUS_LABELS,
    Status.ON_COURSE: _("Target met"),
    Status.OFF_COURSE: _("Target not met"),
    Status.CANNOT_TELL: _("Too early to tell"),
}


def status_label(status: str, *, ended: bool = False, endless: bool = False) -> str:
    """`status` is empty where nothing is known."""
    labels = TARGET_LABELS if endless else END_LABELS if ended else STATUS_LABELS
    return str(labels[status])


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
    LineKind.OVERDUE: _("Follow-up"),
    LineKind.TASK_OVERDUE: _("Task of a playbook"),
    LineKind.ONBOARDING: _("Onboarding late"),
    LineKind.TODAY: _("Follow-up"),
    LineKind.TASK: _("Task of a playbook"),
    LineKind.REPLY: _("E-mail to a customer not sent"),
    LineKind.UNDECIDED: _("Nobody has decided on this detractor"),
    LineKind.PAUSED: _("Paused campaign"),
    LineKind.IMPORT: _("Failed import"),
    LineKind.UNSENT: _("E-mails not sent"),
    LineKind.SOURCE: _("Source is late"),
    LineKind.SUSPECT: _("Not counted"),
    LineKind.CHANNEL: _("Channel fails"),
    LineKind.DRAFT: _("Campaign to launch"),
    LineKind.NEW: _("New detractor"),
    LineKind.RENEWAL: _("Renewal at risk"),
    LineKind.GOAL: _("Goal off course"),
}

KIND_LABELS: Labels = {
    LineKind.OVERDUE: _("Overdue follow-ups"),
    LineKind.TASK_OVERDUE: _("Overdue tasks"),
    LineKind.ONBOARDING: _("Onboarding late"),
    LineKind.TODAY: _("Follow-ups due today"),
    LineKind.TASK: _("Tasks due today"),
    LineKind.REPLY: _("E-mails to customers not sent"),
    LineKind.UNDECIDED: _("Detractors to decide on"),
    LineKind.PAUSED: _("Paused campaigns"),
    LineKind.IMPORT: _("Failed imports"),
    LineKind.UNSENT: _("E-mails not sent"),
    LineKind.SOURCE: _("Sources that are late"),
    LineKind.SUSPECT: _("Suspicious answers"),
    LineKind.CHANNEL: _("Channels that fail"),
    LineKind.DRAFT: _("Campaigns to launch"),
    LineKind.NEW: _("New detractors"),
    LineKind.RENEWAL: _("Renewals at risk"),
    LineKind.GOAL: _("Goals off course"),
}

CHANNEL_KIND_LABELS: Labels = {
    Kind.SLACK: "Slack",
    Kind.MATTERMOST: "Mattermost",
    Kind.TEAMS: "Microsoft Teams",
    Kind.CHATWORK: "Chatwork",
    Kind.WEBHOOK: _("Webhook of a program (JSON, signed)"),
    Kind.DELIGHTED: _("Webhook as Delighted sent it"),
}

DISABLED_LABELS: Labels = {
    Disabled.BY_HAND: _("Switched off"),
    Disabled.GONE: _("It has said that it is gone for good (410)"),
}

DELIVERY_STATE_LABELS: Labels = {
    DeliveryState.WAITING: pgettext_lazy("delivery", "Waiting"),
    DeliveryState.SENT: pgettext_lazy("delivery", "Delivered"),
    DeliveryState.FAILED: pgettext_lazy("delivery", "Failed"),
}

EVENT_LABELS: Labels = {
    EventName.OWNER: _("Answer, to the owner"),
    EventName.ANSWER: _("Answer, by a rule"),
    EventName.REPLY: _("E-mail to a customer not sent"),
    EventName.OVERDUE: _("Overdue follow-ups"),
    EventName.FAILED: _("Messages that did not arrive"),
    EventName.CHANNEL_GONE: _("A channel is gone"),
    EventName.DIGEST: _("Weekly digest"),
    EventName.PLAYBOOK: _("Step of a playbook"),
    EventName.TEST: _("Test"),
}

ALERT_GROUP_LABELS: Labels = {
    AlertGroup.ANY: _("Every answer"),
    AlertGroup.PROMOTER: _("Promoters (9, 10)"),
    AlertGroup.PASSIVE: _("Passives (7, 8)"),
    AlertGroup.DETRACTOR: _("Detractors (0 to 6)"),
}

FAULT_LABELS: Labels = {
    Fault.FORM: _("This is no address that can be used."),
    Fault.SCHEME: _("The address must begin with https://."),
    Fault.PORT: _("Only the ports 443 and 8443 are used."),
    Fault.PRIVATE: _("The name leads into a private network, where Koe does not go."),
    Fault.TIMEOUT: _("There was no answer in time."),
    Fault.SEALED: _("The address cannot be read any more: SECRET_KEY has changed. Enter it again."),
    Fault.CHANNEL: _("The channel was switched off."),
    Fault.UNSIGNED: _("The API key that signs has not been used yet since it was chosen."),
}


def fault_text(error: str) -> str:
    """What no label knows is told as it came: the words of a mail server, of TLS."""
    return str(FAULT_LABELS.get(error, error))


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

STARTED_BY_LABELS: Labels = {
    StartedBy.SCORE: TRIGGER_LABELS[Trigger.SCORE],
    StartedBy.FALL: TRIGGER_LABELS[Trigger.FALL],
    StartedBy.RENEWAL: TRIGGER_LABELS[Trigger.RENEWAL],
    StartedBy.CONTRACTION: TRIGGER_LABELS[Trigger.CONTRACTION],
    StartedBy.BAND: TRIGGER_LABELS[Trigger.BAND],
    StartedBy.ONBOARDING: TRIGGER_LABELS[Trigger.ONBOARDING],
    StartedBy.SILENCE: TRIGGER_LABELS[Trigger.SILENCE],
    StartedBy.USAGE: _("Usage became quiet"),
    StartedBy.TOUCH: _("A cell of the touch table is entered"),
}

STEP_KIND_LABELS: Labels = {
    StepKind.TASK: _("Task"),
    StepKind.MAIL: _("Draft of an e-mail"),
    StepKind.SURVEY: _("Survey"),
    StepKind.WEBHOOK: _("Message to a channel"),
}

STEP_STATE_LABELS: Labels = {
    StepState.OPEN: pgettext_lazy("step", "Open"),
    StepState.DONE: pgettext_lazy("step", "Done"),
    StepState.SKIPPED: pgettext_lazy("step", "Skipped"),
    StepState.DROPPED: pgettext_lazy("step", "Run ended before"),
}

RUN_RESULT_LABELS: Labels = {
    RunResult.REACHED: pgettext_lazy("playbook", "Reached"),
    RunResult.NOT_REACHED: pgettext_lazy("playbook", "Not reached"),
    RunResult.GIVEN_UP: pgettext_lazy("playbook", "Given up"),
    RunResult.LEFT: pgettext_lazy("playbook", "Customer left"),
}
