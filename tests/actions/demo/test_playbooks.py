from __future__ import annotations

import pytest

from accounts.models import MonthlyRevenue
from actions.demo.playbooks import seed_playbooks
from actions.models import Playbook, PlaybookRun, RunStep, TouchTable
from tests.actions.following import OWNER, answered
from tests.staffing import make_staff
from tests.world import DAY, NOW, make_customer

pytestmark = pytest.mark.django_db


def test_two_playbooks_have_run_for_a_year_with_results_and_some_are_under_way() -> None:
    make_staff("admin")
    owner = make_staff("cs", OWNER)
    customers = [make_customer(owner_email=OWNER) for _ in range(12)]
    for number, customer in enumerate(customers):
        mrr = 100 * (number + 1)
        for month in ("2025-11-01", "2026-10-01"):
            MonthlyRevenue.objects.create(customer=customer, month=month, mrr=mrr)
        answered(number % 6, customer=customer, at=NOW - ((11 - number) * 80 + 2) * DAY)

    seed_playbooks(now=NOW)

    assert TouchTable.objects.get().cells["worst:large"] == "high"
    assert [each.is_on for each in Playbook.objects.all()] == [True, True]
    runs = PlaybookRun.objects.all()
    assert 3 <= runs.count() <= 5  # The third of the customers that is large.
    assert {run.owner for run in runs} == {owner}
    assert {run.is_open for run in runs} == {True, False}
    assert all(run.words for run in runs if not run.is_open)
    assert not RunStep.objects.filter(settled_at__gt=NOW).exists()


def test_without_an_admin_it_says_so() -> None:
    with pytest.raises(RuntimeError, match="no admin"):
        seed_playbooks(now=NOW)
