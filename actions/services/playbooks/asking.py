"""A survey step: asks the customer's people in its campaign, within all limits."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import ngettext

from actions.domain.playbooks.steps import StepKind, StepState
from actions.models import RunStep
from actions.services.follow_ups.work import Stale
from actions.services.playbooks.runs import RunAct, settle
from surveys.queries.campaigns.planning import Decided
from surveys.services.campaigns.ask import ask_customer


def ask_for_step(act: RunAct, step: RunStep, *, now: dt.datetime) -> list[Decided]:
    """The step is done with it. Where nobody can be asked now, it stays open.

    Killed in between, it is open and its page says that they are in the campaign already.
    """
    act.must_work()
    is_open = act.run.is_open and step.state == StepState.OPEN
    if step.kind != StepKind.SURVEY or step.campaign is None or not is_open:
        raise Stale
    decided = ask_customer(step.campaign, act.run.customer, by=act.by, now=now)
    asked = sum(each.send_at is not None for each in decided)
    if asked:
        note = ngettext("%(number)s person asked", "%(number)s people asked", asked)
        settle(act, step, StepState.DONE, note=note % {"number": asked})
    return decided
