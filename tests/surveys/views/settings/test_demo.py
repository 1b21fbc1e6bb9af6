from __future__ import annotations

import pytest
from django.utils import timezone

from surveys import tasks
from surveys.models import Demo
from tests.staffing import client_as
from tests.world import make_customer

pytestmark = pytest.mark.django_db


def test_an_empty_installation_offers_the_demo_and_makes_it_with_a_bar(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    published: list[str] = []
    monkeypatch.setattr("surveys.views.settings.demo.enqueue", published.append)
    admin = client_as("admin")
    assert "try with demo data" in admin.get("/").content.decode()
    assert "Try with demo data" in admin.get("/settings/demo/").content.decode()

    html = admin.post("/settings/demo/make/", follow=True).content.decode()

    assert published == [tasks.make_demo.name]
    assert "<progress" in html
    Demo.objects.update(state="making", parts_done=2)
    part = admin.get("/settings/demo/", headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith("<div")
    assert "2 of 5" in part


def test_where_there_are_customers_it_is_not_offered() -> None:
    make_customer()
    admin = client_as("admin")

    html = admin.post("/settings/demo/make/", follow=True).content.decode()

    assert "empty installation only" in html
    assert "Try with demo data" not in html
    assert "try with demo data" not in admin.get("/").content.decode()
    assert not Demo.objects.exists()


def test_one_that_is_made_is_said_at_home_and_can_be_cleared() -> None:
    Demo.objects.create(pk=1, state="made", began_at=timezone.now())
    admin = client_as("admin")

    assert "These are demo data" in admin.get("/").content.decode()
    assert "koe-demo-2026" in admin.get("/settings/demo/").content.decode()
    assert admin.post("/settings/demo/clear/").headers["Location"] == "/"
    assert not Demo.objects.exists()
