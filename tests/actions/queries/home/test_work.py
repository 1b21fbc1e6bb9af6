from __future__ import annotations

import pytest
from django.utils import timezone

from actions.domain.home import LineKind, When
from actions.models import FollowUp, HiddenLine
from actions.queries.home.found import Scope
from actions.queries.home.work import SHOWN, find, hidden_lines, work
from actions.services.home import hide
from surveys.domain.states import CampaignState
from tests.actions.following import OWNER, answered
from tests.actions.health import scored
from tests.staffing import make_staff
from tests.world import DAY, NOW, make_campaign, make_customer

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(NOW)


def renewing(days: int) -> None:
    scored(make_customer(renews_on=TODAY + days * DAY), "worst")


def test_sections_count_all_and_show_the_first_in_the_order_in_which_they_are_due() -> None:
    answered(2)
    FollowUp.objects.update(due_at=NOW + 2 * DAY)
    for days in range(1, SHOWN + 3):
        renewing(days)
    make_campaign(state=CampaignState.PAUSED)

    found = work(Scope(make_staff("cs", OWNER), NOW, is_mine=False), {})
    decisions, coming = found.sections

    assert (decisions.when, decisions.total) == (When.TODAY, 1)
    assert (coming.when, coming.total, coming.more) == (When.LATER, 8, [(LineKind.RENEWAL, 7)])
    assert len(coming.lines) == SHOWN + 1
    assert [line.kind for line in coming.lines].index(LineKind.NEW) == 1


def test_what_is_hidden_makes_room_counts_and_comes_back_when_it_is_worse() -> None:
    me = make_staff("cs")
    for days in range(40, 40 + SHOWN + 1):
        renewing(days)
    scope = Scope(me, NOW, is_mine=False)
    [section] = work(scope, {}).sections
    first = section.lines[0]
    hide(me, first.kind, key=first.key, level=first.level, now=NOW)

    found = work(scope, hidden_lines(me))
    [section] = found.sections
    assert first.key not in [line.key for line in section.lines]
    assert (section.total, len(section.lines), found.hidden, section.more) == (6, 5, 1, [])

    # Ten days on it is one of those that renew in 30 days.
    found = work(Scope(me, NOW + 11 * DAY, is_mine=False), hidden_lines(me))
    assert first.key in [line.key for line in found.sections[0].lines]
    assert found.hidden == 0


def test_a_kind_that_this_version_does_not_know_hides_nothing() -> None:
    me = make_staff("cs")
    HiddenLine.objects.create(staff=me, kind="gone", key="1", level=1, at=NOW)

    assert hidden_lines(me) == {}


def test_all_lines_of_one_kind() -> None:
    make_campaign(state=CampaignState.DRAFT)
    scope = Scope(make_staff("cs"), NOW, is_mine=False)

    assert {kind: find(kind, scope).total for kind in LineKind} == {
        kind: int(kind is LineKind.DRAFT) for kind in LineKind
    }
