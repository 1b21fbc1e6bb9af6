"""What was answered before there were follow-ups, as the migration takes it over."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from actions.domain.follow_ups.states import ClosedAs, Dismissal
from actions.models import AnswerCase, FollowUp
from actions.queries.follow_ups.balance import balance
from surveys.models import Response
from tests.actions.following import answered
from tests.world import DAY

pytestmark = pytest.mark.django_db


def test_notes_become_history_and_no_detractor_is_out_of_sight() -> None:
    now = timezone.now()
    noted, praised = answered(2, at=now - 200 * DAY), answered(10, at=now)
    recent, old = answered(3, at=now - DAY), answered(3, at=now - 100 * DAY)
    imported = answered(3, at=now - DAY, reason="imported")
    Response.objects.filter(pk__in=[noted.pk, praised.pk]).update(note="Called them.")
    AnswerCase.objects.all().delete()
    FollowUp.objects.all().delete()

    import_module("actions.migrations.0002_existing_answers").take_over(apps, None)

    cases = {each.response: each for each in AnswerCase.objects.all()}
    for each in (noted, praised):
        closed = cases[each].follow_up
        assert (closed.closed_as, closed.outcome) == (ClosedAs.EARLIER, "Called them.")
        assert [entry.text for entry in closed.entries.all()] == ["Called them."]
    assert (cases[recent].follow_up, cases[recent].dismissed) == (None, "")
    assert cases[old].dismissed == cases[imported].dismissed == Dismissal.HISTORY
    found = balance()
    assert (found.detractors, found.followed_up, found.dismissed, found.waiting) == (4, 1, 2, 1)
    assert found.faults == 0
