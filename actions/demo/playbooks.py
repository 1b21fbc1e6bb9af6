"""The playbooks of the demo world: a touch table, and two of them as if they had run a year."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence

from django.conf import settings

from accounts.models import Customer, StaffUser
from actions.domain.playbooks.steps import BY_HAND, RunResult, StepState
from actions.domain.playbooks.touch import RANKS, Basis, Size, cell_of, usual_touch
from actions.models import PlaybookRun, RunStep, TouchTable
from actions.queries.follow_ups.staff import workers
from actions.queries.playbooks.occasions import starts_of_year
from actions.queries.playbooks.touch import suggested_limits
from actions.services.playbooks.editing import switch
from actions.services.playbooks.presets import PRESETS, make_from
from actions.services.playbooks.runs import RunAct, attend_runs, end, settle
from actions.services.playbooks.starting import start_run
from actions.services.playbooks.touch import save_table
from analytics.queries.database.clock import day_of

MADE = ("detractor", "onboarding")
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
# So often each result was said; who leaves ends by itself.
CHANCES = (6, 3, 1)
WORDS = {
    "en": {
        RunResult.REACHED: ("They confirmed that it works now.", "Solved with support; they stay."),
        RunResult.NOT_REACHED: ("Still waiting for the feature they need.",),
        RunResult.GIVEN_UP: ("Nobody there answers any more.",),
    },
    "ja": {
        RunResult.REACHED: ("問題が解消したと確認できた。", "サポートと対応し、継続の意向。"),
        RunResult.NOT_REACHED: ("要望の機能を待っている状態。",),
        RunResult.GIVEN_UP: ("連絡がつかなくなった。",),
    },
}
SKIPPED = {"en": "They wrote to us first.", "ja": "先方から先に連絡があった。"}


def seed_playbooks(*, now: dt.datetime) -> None:
    admin = StaffUser.objects.filter(role="admin").order_by("pk").first()
    if admin is None:
        raise RuntimeError("The demo world has no admin.")
    _make_table(admin, now=now)
    staff = workers()
    for key in MADE:
        playbook = make_from(PRESETS[key], by=admin, now=now)
        customers = Customer.objects.in_bulk()
        for each in starts_of_year(playbook.start, now=now):
            customer = customers[each.customer]
            run = start_run(playbook, customer, each.occasion, staff=staff, now=each.at)
            if run is not None:
                _work(run, run.owner or admin, now=now)
        switch(playbook, on=True, by=admin, now=now)
    attend_runs(now=now, today=day_of(now))


def _make_table(by: StaffUser, *, now: dt.datetime) -> None:
    limits = suggested_limits(Basis.MRR, today=day_of(now))
    if limits is None:
        return
    cells = {cell_of(size, rank): usual_touch(size, rank) for size in Size for rank in RANKS}
    table = TouchTable(basis=Basis.MRR, medium_from=limits[0], large_from=limits[1], cells=cells)
    save_table(table, by=by, now=now)


def _work(run: PlaybookRun, owner: StaffUser, *, now: dt.datetime) -> None:
    """As far as it had come by now: steps about when they were due, then the result."""
    rng = random.Random(f"{run.playbook.started_by} {run.customer.customer_id}")  # noqa: S311
    steps = list(run.steps.all())
    last = run.started_at
    for step in steps:
        last = max(last, step.due_at - rng.uniform(-20, 12) * HOUR)
        if last >= now or _has_left(run, last):
            break
        _settle(run, step, RunAct(run, owner, last), rng)
    if last + DAY < now:
        _end(run, owner, last + DAY, rng)


def _settle(run: PlaybookRun, step: RunStep, act: RunAct, rng: random.Random) -> None:
    if rng.random() < 0.12:
        settle(act, step, StepState.SKIPPED, note=SKIPPED[settings.LANGUAGE_CODE])
    else:
        settle(act, step, StepState.DONE, note="")


def _end(run: PlaybookRun, owner: StaffUser, at: dt.datetime, rng: random.Random) -> None:
    """Who has left by then is ended by the tick."""
    if _has_left(run, at):
        return
    result: RunResult = rng.choices(BY_HAND, CHANCES)[0]
    said: Sequence[str] = WORDS[settings.LANGUAGE_CODE][result]
    end(RunAct(run, owner, at), result=result, words=rng.choice(said))


def _has_left(run: PlaybookRun, at: dt.datetime) -> bool:
    return run.customer.churned_on is not None and run.customer.churned_on <= day_of(at)
