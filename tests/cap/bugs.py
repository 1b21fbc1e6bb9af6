"""Bugs planted into the text of the product itself: a part of a function or a statement replaced.

A text that is no longer there fails loudly, so that no bug quietly stops being one.
"""

from __future__ import annotations
import __future__

import ast
import inspect
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import FunctionType, ModuleType
from typing import Any

import pytest
from django.db import connection
from django.db.models.expressions import RawSQL

from surveys.domain import frequency
from surveys.domain.mail import delivery
from surveys.sending import not_accepted, recovery, sweeps
from surveys.sending.claims import claimable, unclaimed
from surveys.services import slots
from surveys.services.answers import by_hand, import_rows
from surveys.services.campaigns import states
from tests.cap.engine import Transmission
from tests.cap.machine import Habits
from tests.cap.record import BOOKS, DOUBLE, HALTED, STOPPED, THIRD, TWICE

WINDOW_OF_THE_PLAN = f"__import__('importlib').import_module({__name__!r}).window_of_the_plan()"
STRANDED = "waiting without a slot that is free"
FORGOTTEN = "the (next|last) survey did not come"


Where = Callable[..., Any] | tuple[ModuleType, str]


@dataclass(frozen=True, slots=True)
class Bug:
    name: str
    # Which promise it breaks, as a regular expression.
    breaks: str
    # What is replaced in a function, or in a statement that a module keeps under a name.
    mutations: tuple[tuple[Where, str, str], ...]
    # Where to search for it; everywhere takes long.
    aim: Habits

    def plant(self, patch: pytest.MonkeyPatch) -> None:
        for where in dict.fromkeys(where for where, _, _ in self.mutations):
            _plant(where, [pair for each, *pair in self.mutations if each == where], patch)


def bug(
    name: str,
    breaks: str,
    *mutations: tuple[Where, str, str],
    outcomes: Sequence[Transmission] = (),
    actions: Sequence[str] = (),
    meanwhile: Sequence[str] = (),
) -> Bug:
    return Bug(name, breaks, mutations, Habits(outcomes, actions, meanwhile))


def _plant(where: Where, pairs: list[list[str]], patch: pytest.MonkeyPatch) -> None:
    if isinstance(where, tuple):
        module, name = where
        patch.setattr(module, name, _replaced(getattr(module, name), pairs))
        return
    function = inspect.unwrap(where)
    assert isinstance(function, FunctionType)
    source = _replaced(textwrap.dedent(inspect.getsource(function)), pairs)
    # In place: whoever has imported it has the bug, too.
    patch.setattr(function, "__code__", _compiled(source, function).__code__)


def _replaced(text: str, pairs: list[list[str]]) -> str:
    for old, new in pairs:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times there"
        text = text.replace(old, new)
    return text


def _compiled(source: str, function: FunctionType) -> FunctionType:
    tree = ast.parse(source)
    [definition] = tree.body
    assert isinstance(definition, ast.FunctionDef)
    definition.decorator_list = []
    flags = __future__.annotations.compiler_flag
    made: dict[str, FunctionType] = {}
    exec(compile(tree, function.__code__.co_filename, "exec", flags), function.__globals__, made)
    return made[function.__name__]


FORGETS_THE_DROPPED = bug(
    "a merge forgets the sends it drops",
    THIRD,
    (frequency.merge, "max(slot.prev_free_at, behind)", "slot.prev_free_at"),
)


def window_of_the_plan() -> RawSQL:
    planned = "SELECT {} FROM surveys_invitation i WHERE i.id = surveys_slot.held_by_id"
    on_postgresql = connection.vendor == "postgresql"
    hours = "'8760 hours'"
    return RawSQL(
        planned.format(
            f"i.send_at + interval {hours}" if on_postgresql else f"datetime(i.send_at, {hours})"
        ),
        (),
    )


BUGS = [
    bug(
        "no e-mail counts towards the cap",
        f"{THIRD}.*; the proof sees it",
        (slots.used, '"free_at": busy_until', '"free_at": F("free_at")'),
        (slots.spent, ', "free_at": busy_until', ""),
    ),
    bug(
        "the window begins when an e-mail is planned",
        f"{THIRD}.*; the proof sees it",
        (slots.used, '"free_at": busy_until', f'"free_at": {WINDOW_OF_THE_PLAN}'),
        (slots.spent, '"free_at": busy_until', f'"free_at": {WINDOW_OF_THE_PLAN}'),
        actions=["lose_tasks"],
    ),
    bug(
        "a claim takes a slot that is not free",
        THIRD,
        (slots.to_be_used, ".filter(free_at__lte=now)", ".all()"),
        (slots.still_to_be_used, "prev_free_at__lte=now", "prev_free_at__isnull=False"),
        outcomes=[Transmission.LATER],
        actions=["import_history"],
        meanwhile=["import_history"],
    ),
    bug(
        "an answer entered by hand takes a slot that was not free on its day",
        THIRD,
        (by_hand._use_slot, "now=at):", "now=window_after(at)):"),
        (by_hand._use_slot, "if not has_room(", "if False and has_room("),
        actions=["enter_answer"],
    ),
    bug(
        "a suppression is not asked for by the claim",
        STOPPED,
        (
            claimable._allowed,
            '~Exists(Suppression.objects.active().filter(person=OuterRef("person_id"))),',
            "",
        ),
        meanwhile=["stop", "opt_out"],
    ),
    bug(
        "a pause is not asked for by the claim",
        HALTED,
        (claimable._mailing_campaign, "state=CampaignState.RUNNING, ", ""),
        meanwhile=["pause"],
    ),
    bug(
        "the same survey to a merged person is not asked for by the claim",
        DOUBLE,
        (claimable.ready, " if merged else rows", " if False else rows"),
        (unclaimed.drop_second, "return is_second and", "return False and"),
        outcomes=[Transmission.LATER],
        meanwhile=["merge_this"],
    ),
    bug(
        "an unknown outcome gives the slot back",
        THIRD,
        (
            not_accepted._write_survey,
            "Slot.objects.filter(held_by=pk).update(**slots.spent(window_after(now)))",
            "slots.release([pk])",
        ),
        outcomes=[Transmission.LOST_AFTER],
    ),
    bug(
        "a stuck e-mail gives its slot back",
        f"{THIRD}.*; the proof sees it",
        (recovery._give_up, "window_after(now + MAY_STILL_GO)", "now"),
        outcomes=[Transmission.KILLED],
    ),
    bug(
        "a stuck e-mail is queued again",
        TWICE,
        (recovery._give_up, " state=InvitationState.UNKNOWN", " state=InvitationState.RETRY"),
        (recovery._give_up, "update(**spent)", "update(free_at=now)"),
        outcomes=[Transmission.KILLED],
    ),
    bug(
        "lost after the final dot is tried again",
        f"{BOOKS}|{TWICE}",
        (delivery.decide, "AttemptOutcome.UNKNOWN", "AttemptOutcome.RETRY"),
        outcomes=[Transmission.LOST_AFTER],
    ),
    bug(
        "lost after the final dot is failed",
        BOOKS,
        (delivery.decide, "AttemptOutcome.UNKNOWN", "AttemptOutcome.FAILED"),
        outcomes=[Transmission.LOST_AFTER],
    ),
    bug(
        "a retry gives its slot back",
        STRANDED,
        (not_accepted._write_survey, "slots.unanchor([pk])", "slots.release([pk])"),
        outcomes=[Transmission.LATER],
    ),
    bug(
        "a retry keeps the slot's date",
        STRANDED,
        (not_accepted._write_survey, "slots.unanchor([pk])", "pass"),
        outcomes=[Transmission.LATER_AT_DOT],
    ),
    bug(
        "what was refused keeps the slot",
        FORGOTTEN,
        (
            not_accepted._write_survey,
            "slots.release([pk])",
            "Slot.objects.filter(held_by=pk).update(held_by=None)",
        ),
        outcomes=[Transmission.REFUSED],
    ),
    bug(
        "a slot that is not free is reserved",
        STRANDED,
        ((slots, "_HOLD"), "free_at <= %s", "(free_at <= %s OR true)"),
        actions=["import_history"],
        meanwhile=["import_history"],
    ),
    bug(
        "a cancel releases what is being sent",
        f"{THIRD}|{TWICE}|{BOOKS}",
        (
            states._cancel_batch,
            "came_from(InvitationState.CANCELLED)",
            "came_from(InvitationState.CANCELLED) | {'sending'}",
        ),
        meanwhile=["cancel"],
    ),
    bug(
        "imported sends take no slots",
        THIRD,
        (import_rows.write_responses, "if recent:", "if not recent:"),
        actions=["import_history"],
    ),
    bug(
        "a merge keeps the laxer slots",
        f"{THIRD}.*; the proof sees it",
        (frequency.merge, "reverse=True", "reverse=False"),
        actions=["merge"],
        meanwhile=["merge"],
    ),
    bug(
        "a merge does not join the persons",
        f"{THIRD}|{DOUBLE}|{STOPPED}",
        (slots._merge, ".update(merged_into=kept, merged_at=now)", ""),
        actions=["merge", "opt_out"],
    ),
    bug(
        "a merge leaves the second e-mail of a campaign waiting, and the claim takes it",
        DOUBLE,
        (slots._drop_second_mails, "Q(person__in=kept, campaign__in=known[0])", "Q(pk__in=[])"),
        (claimable.ready, " if merged else rows", " if False else rows"),
        (unclaimed.drop_second, "return is_second and", "return False and"),
        meanwhile=["merge_this"],
    ),
    bug(
        "a reminder is queued by every sweep",
        TWICE,
        (sweeps._remindable, '            reminder_state="",\n', ""),
        (sweeps.queue_reminders, ', reminder_state=""', ""),
    ),
]
