from __future__ import annotations

import pytest

from accounts.models import ImportedFact
from actions.domain.playbooks.steps import RunResult
from actions.queries.playbooks.results import Outcome, outcomes
from actions.services.playbooks.runs import RunAct, attend_runs, end
from tests.actions.following import answered
from tests.actions.playbooks import make_playbook, make_run
from tests.staffing import make_staff
from tests.world import DAY, NOW, make_customer

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def counted() -> Outcome:
    (found,) = outcomes(now=NOW, today=TODAY)
    return found


def test_what_is_not_known_is_not_counted() -> None:
    playbook = make_playbook()
    empty = counted()
    assert (empty.started, empty.median_days, empty.before, empty.stayed) == (0, None, None, None)

    make_run(playbook, at=NOW - 9 * DAY)
    # Nobody has ever left, as far as we were told: that all stayed is no news.
    assert (counted().started, counted().running, counted().stayed) == (1, 1, None)
    assert counted().median_days is None
    ImportedFact.objects.create(fact=ImportedFact.Fact.CHURN, first_on=TODAY, last_on=TODAY)
    # A file that names nobody has told that nobody left.
    assert counted().stayed == 1


def test_runs_by_their_result_with_half_of_them_ended_after_so_many_days() -> None:
    admin, playbook, gone = make_staff(), make_playbook(), make_customer()
    runs = [make_run(playbook, at=NOW - 20 * DAY) for _ in range(3)]
    for days, run in zip((2, 6), runs, strict=False):
        act = RunAct(run, admin, run.started_at + days * DAY)
        end(act, result=RunResult.REACHED, words="Done.")
    make_run(playbook, gone, at=NOW - 20 * DAY)
    gone.churned_on = TODAY
    gone.save()
    attend_runs(now=NOW - 10 * DAY, today=TODAY)

    found = counted()
    assert found.ended == {
        RunResult.REACHED: 2, RunResult.NOT_REACHED: 0, RunResult.GIVEN_UP: 0, RunResult.LEFT: 1
    }  # fmt: skip
    assert (found.running, found.median_days) == (1, 6.0)
    assert (found.customers, found.stayed) == (4, 3)


def test_scores_are_the_last_one_by_the_start_and_the_first_one_after() -> None:
    playbook, customer, silent = make_playbook(), make_customer(), make_customer()
    for score, days in ((9, 90), (3, 31), (7, 20), (10, 5)):
        answered(score, customer=customer, at=NOW - days * DAY)
    answered(2, customer=silent, at=NOW - 31 * DAY)
    for each in (customer, silent):
        make_run(playbook, each, at=NOW - 30 * DAY)

    found = counted()
    assert (found.answered, found.before, found.after) == (1, 3.0, 7.0)
