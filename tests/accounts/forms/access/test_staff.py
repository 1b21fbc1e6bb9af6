from __future__ import annotations

import pytest
from django.utils.translation import override

from accounts.forms.access.staff import AuditFilterForm, CustomerFilterForm, LiftForm
from accounts.models import StaffUser
from tests.staffing import logged_in, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> StaffUser:
    return make_staff("admin")


def test_a_second_account_of_one_address_is_refused(admin) -> None:
    answer = logged_in(admin).post(
        "/settings/staff/new/", {"email": "ADMIN@koe.example", "role": "cs"}
    )

    assert answer.status_code == 422
    assert "admin@koe.example already has an account." in answer.content.decode()
    assert StaffUser.objects.count() == 1


def test_actions_stand_in_the_order_of_their_names_in_the_language_of_the_reader() -> None:
    actions = ["campaign.launch", "staff.login", "campaign.pause"]

    def shown(language: str) -> list[str]:
        with override(language):
            form = AuditFilterForm(actions=actions, actors=[("0", "Koe")])
            assert form["actor"].subwidgets[-1].choice_label == "Koe"
            return [each.choice_label for each in form["action"]]

    assert shown("en") == ["all", "Launched a campaign", "Logged in", "Paused a campaign"]
    japanese = shown("ja")
    assert japanese[0] == "すべて"
    assert japanese[1:] == sorted(japanese[1:])


def test_a_segment_is_offered_where_it_has_values_and_the_unknown_can_be_chosen() -> None:
    segments = {("plan", "Tariff"): ["", "pro"], ("serial", "Serial"): []}

    def form(data: dict[str, str]) -> CustomerFilterForm:
        return CustomerFilterForm(data, owners=[], segments=segments)

    unknown = form({"segment-plan": "—", "segment-serial": "5", "sort": "-mrr"})
    assert unknown.is_valid()
    assert unknown.chosen_segments() == {"plan": ""}
    assert (unknown.more, unknown.more_in_use) == (["segment-plan"], True)
    assert not form({"segment-plan": ""}).more_in_use
    assert not form({"segment-plan": "nonsense"}).is_valid()
    with override("ja"):
        labels = [each.choice_label for each in form({})["segment-plan"]]
    assert labels == ["すべて", "（不明）", "pro"]
    assert "owner" not in unknown.fields
    assert "owner" in CustomerFilterForm(owners=["a@b.example"], segments={}).fields


@pytest.mark.parametrize("note", ["", "   ", "x" * 1001])
def test_nobody_is_mailed_again_without_a_note(note: str) -> None:
    assert not LiftForm({"note": note}).is_valid()
    assert LiftForm({"note": "asked for it"}).is_valid()
