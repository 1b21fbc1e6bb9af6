from __future__ import annotations

import pytest
from django.test import Client

from actions.models import DigestWish
from actions.services.digests.weekly import make_token, wish_for
from tests.actions.following import answered
from tests.staffing import client_as, logged_in, make_staff
from tests.world import NOW

pytestmark = pytest.mark.django_db


def test_everybody_asks_for_it_themselves_and_ends_it() -> None:
    viewer = make_staff("viewer")
    client = logged_in(viewer)
    assert "checked" not in client.get("/digest/").content.decode()

    data = {"wanted": "on", "weekday": "4", "hour": "17"}
    assert client.post("/digest/", data)["Location"] == "/digest/"
    wish = DigestWish.objects.get()
    assert (wish.staff, wish.weekday, wish.hour) == (viewer, 4, 17)
    assert "checked" in client.get("/digest/").content.decode()

    client.post("/digest/", {"weekday": "4", "hour": "17"})
    assert not DigestWish.objects.exists()
    assert client.post("/digest/", data | {"hour": "24"}).status_code == 422


def test_the_preview_is_the_e_mail_in_a_frame_in_which_nothing_runs() -> None:
    from django.utils import timezone

    answered(10, at=timezone.now(), comment="Today")
    answer = client_as("viewer").get("/digest/preview/")

    assert "Response rate" in answer.content.decode()
    assert "script-src" not in answer["Content-Security-Policy"]
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")


def test_opening_the_link_changes_nothing_and_a_press_ends_it() -> None:
    staff, other = make_staff("viewer"), make_staff("cs")
    for each in (staff, other):
        wish_for(each, weekday=0, hour=8, now=NOW)
    path = f"/digest/stop/{make_token(staff.pk)}/"
    client = Client(enforce_csrf_checks=True)

    for method in (client.get, client.head):
        assert method(path).status_code == 200
    assert DigestWish.objects.count() == 2
    assert client.options(path).status_code == 405

    assert client.post(path)["Location"] == path
    assert DigestWish.objects.get().staff == other
    assert "no more digests" in client.get(path).content.decode()
    assert client.post(f"/digest/stop/{make_token(staff.pk)}x/").status_code == 404


def test_a_mail_program_ends_it_by_one_post_without_redirect() -> None:
    staff = make_staff("viewer")
    wish_for(staff, weekday=0, hour=8, now=NOW)
    path = f"/digest/stop/{make_token(staff.pk)}/"

    answer = Client(enforce_csrf_checks=True).post(path, {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert not DigestWish.objects.exists()
