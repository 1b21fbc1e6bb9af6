from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts.models import Respondent
from api.models import Project
from api.services.rest.inviting import Wanted, invite_now
from surveys.domain.eligibility import Decision, Reason
from surveys.models import Invitation, Slot
from tests.world import NOW, make_respondent

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def test_however_many_ask_at_the_same_time_a_person_gets_two() -> None:
    respondent = make_respondent()
    project = Project.objects.create(name="web", throttle_days=0)

    def ask(number: int) -> Invitation | Decision | None:
        try:
            mine = Respondent.objects.get(pk=respondent.pk)
            return invite_now(mine, Wanted(f"p{number}"), project=project, at=NOW, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(ask, range(4)))
    assert sum(isinstance(each, Invitation) for each in found) == 2
    assert {each.reason for each in found if isinstance(each, Decision)} == {Reason.CAPPED}
    assert Slot.objects.exclude(held_by=None).count() == 2
