from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from actions.forms.follow_ups.acts import AssignForm, ListFilterForm, SnoozeForm
from tests.staffing import make_staff

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(("days", "valid"), [(0, False), (1, True), (366, True), (367, False)])
def test_it_is_snoozed_until_a_day_after_today_within_a_year(days: int, valid: bool) -> None:
    form = SnoozeForm({"seen": 1, "until": timezone.localdate() + days * DAY, "reason": "x"})

    assert form.is_valid() is valid


def test_only_who_follows_up_can_be_given_one() -> None:
    able = make_staff("cs"), make_staff("admin")
    unable = make_staff("viewer"), make_staff("cs", "gone@koe.example", is_active=False)

    assert all(AssignForm({"seen": 1, "to": each.pk}).is_valid() for each in able)
    assert not any(AssignForm({"seen": 1, "to": each.pk}).is_valid() for each in unable)


def test_what_a_filter_does_not_know_asks_for_nothing() -> None:
    form = ListFilterForm({"owner": "999", "why": "x"})
    form.is_valid()

    assert {"owner", "why"} & form.cleaned_data.keys() == set()
