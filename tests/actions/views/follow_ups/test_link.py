from __future__ import annotations

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from actions.models import FollowUp
from actions.queries.follow_ups.links import LASTS, make_token
from tests.actions.following import OWNER, answered
from tests.staffing import make_staff
from tests.world import NOW, SECOND

pytestmark = pytest.mark.django_db


def status(token: str) -> int:
    return Client().get(reverse("actions:link", args=[token])).status_code


@pytest.fixture
def found() -> FollowUp:
    make_staff("cs", OWNER)
    return answered(2).case.follow_up


def test_a_link_ends_with_its_time_and_with_its_owner(found) -> None:
    with time_machine.travel(NOW, tick=False):
        token = make_token(found)
    with time_machine.travel(NOW + LASTS - SECOND, tick=False):
        assert status(token) == 200
        assert status(token[:-1]) == status("x") == 404
        FollowUp.objects.update(owner=make_staff("cs", "other@koe.example"))
        assert status(token) == 404
        FollowUp.objects.update(owner=found.owner)
    with time_machine.travel(NOW + LASTS + 2 * SECOND, tick=False):
        assert status(token) == 404


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": "viewer"}])
def test_who_may_no_longer_follow_up_is_shown_nothing(found, change) -> None:
    token = make_token(found)
    assert status(token) == 200
    type(found.owner).objects.filter(pk=found.owner_id).update(**change)

    assert status(token) == 404


def test_what_was_closed_meanwhile_cannot_be_begun(found) -> None:
    path = reverse("actions:link", args=[make_token(found)])
    FollowUp.objects.update(state="closed", closed_at=NOW, closed_as="done", root_cause="price")

    assert Client().post(path).status_code == 302
    page = Client().get(path)
    assert not page.context["may_start"]
    assert FollowUp.objects.get().state == "closed"
