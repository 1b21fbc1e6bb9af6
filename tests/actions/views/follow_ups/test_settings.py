from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, Dimension
from actions.domain.rules.triggers import DEFAULTS, Rule, Trigger
from actions.models import FollowUpRule, WorkingHours
from actions.queries.follow_ups.causes import offered_causes, withdrawn_causes
from actions.queries.follow_ups.staff import hours_of
from actions.queries.rules.in_force import held_out_percent, rules
from tests.actions.following import answered
from tests.staffing import client_as, logged_in, make_staff
from tests.world import make_respondent

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Client:
    return client_as("admin")


def post(admin: Client, name: str, *args: str, **form: Any) -> Any:
    return admin.post(reverse(f"actions:{name}", args=args), form)


def test_a_rule_is_tried_without_being_saved_and_then_saved(admin) -> None:
    answered(5)
    form = {"level": "4", "due_hours": "9", "is_active": "on"}

    tried = post(admin, "settings-rule", "score", **form, **{"try": "1"})
    assert "It would have opened 0 follow-ups" in tried.content.decode()
    assert not FollowUpRule.objects.exists()

    assert post(admin, "settings-rule", "score", **form).status_code == 302
    assert rules()[Trigger.SCORE] == Rule(Trigger.SCORE, level=4, due_hours=9)
    assert rules()[Trigger.FALL] == DEFAULTS[Trigger.FALL]
    assert AuditEvent.objects.get().action == "follow_up.rule"


@pytest.mark.parametrize(
    ("trigger", "form", "field"),
    [
        ("score", {"level": "9", "due_hours": "9"}, "level"),
        ("fall", {"level": "0", "due_hours": "9"}, "level"),
        ("manual", {"due_hours": "0"}, "due_hours"),
    ],
)
def test_what_no_rule_can_be_is_refused(admin, trigger: str, form: Any, field: str) -> None:
    refused = post(admin, "settings-rule", trigger, **form)

    assert refused.status_code == 422
    forms = {each: form for each, _, form, _ in refused.context["rules"]}
    assert set(forms[trigger].errors) == {field}
    assert post(admin, "settings-rule", "nothing", **form).status_code == 404


def test_root_causes_are_added_and_withdrawn(admin) -> None:
    post(admin, "settings-causes", name_en="Wrong bill", name_ja="")
    post(admin, "settings-causes", withdraw="price")
    assert "Wrong bill" in dict(offered_causes()).values()
    assert withdrawn_causes() == [("price", "Price")]
    post(admin, "settings-causes", offer="price")
    assert withdrawn_causes() == []
    assert post(admin, "settings-causes", name_en="", name_ja="").status_code == 422
    assert post(admin, "settings-causes", withdraw="nothing").status_code == 404


def test_working_hours_are_everybodys(admin) -> None:
    form = {"starts": "10:00", "ends": "16:00", "weekdays": ["0", "1"], "holidays_of": "JP"}
    for _ in range(2):
        assert post(admin, "settings-hours", **form).status_code == 302

    found = WorkingHours.objects.get()
    assert (found.staff, found.weekdays, found.holidays_of) == (None, [0, 1], "JP")
    assert post(admin, "settings-hours", **form | {"ends": "09:00"}).status_code == 422
    assert post(admin, "settings-hours", starts="10:00", ends="16:00").status_code == 422


def test_ones_own_hours_begin_with_everybodys_and_are_ones_own() -> None:
    WorkingHours.objects.create(starts="08:00", holidays_of="JP")
    staff = make_staff("cs")
    client = logged_in(staff)
    page = client.get(reverse("actions:own-hours"))
    assert page.context["form"].initial["holidays_of"] == "JP"

    form = {"starts": "10:00", "ends": "16:00", "weekdays": ["1"], "time_zone": "Asia/Tokyo"}
    assert post(client, "own-hours", **form | {"time_zone": "Mars"}).status_code == 422
    assert post(client, "own-hours", **form).status_code == 302

    assert hours_of(staff).window.start.hour == 10
    assert str(hours_of(staff).zone) == "Asia/Tokyo"
    assert hours_of(None).window.start.hour == 8


def test_an_admin_sets_what_share_is_held_out_and_is_told_where_no_rule_would(admin) -> None:
    page = reverse("actions:settings")
    assert "nobody would be held out" in admin.get(page).content.decode()
    assert post(admin, "settings-hold-out", percent="51").status_code == 422
    for percent in (20, 10):
        assert post(admin, "settings-hold-out", percent=percent).status_code == 302
        assert held_out_percent() == percent
    FollowUpRule.objects.create(trigger="score", level=7, due_hours=9)
    assert "nobody would be held out" not in admin.get(page).content.decode()
    details = AuditEvent.objects.filter(action="follow_up.hold_out").order_by("pk")
    assert [each.detail["percent"] for each in details] == [20, 10]


def test_a_key_person_is_chosen_before_their_silence_is_a_rule(admin) -> None:
    Dimension.objects.create(name="role", source="respondent", attribute="role")
    make_respondent(role="buyer")
    form = {"level": "14", "due_hours": "9", "is_active": "on"}

    refused = post(admin, "settings-rule", "silence", **form)
    assert "Choose who is a key person." in refused.content.decode()
    tried = post(admin, "settings-rule", "silence", **form, key="role=buyer", **{"try": "1"})
    assert "It would have opened 0 follow-ups" in tried.content.decode()
    assert not rules()[Trigger.SILENCE].is_active
    assert post(admin, "settings-rule", "silence", **form, key="role=buyer").status_code == 302
    saved = rules()[Trigger.SILENCE]
    assert (saved.key, saved.is_active) == ("role=buyer", True)
