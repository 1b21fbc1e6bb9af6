from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from actions.models import SavedView
from actions.services.follow_ups.saved_views import MOST_VIEWS
from tests.staffing import client_as

pytestmark = pytest.mark.django_db
LIST = "/follow-ups/"


@pytest.fixture
def reader() -> Client:
    return client_as("cs")


def save(client: Client, name: str, query: str, **form: Any) -> Any:
    return client.post(f"{LIST}views/", {"name": name, "query": query, **form})


def tabs(client: Client, query: str) -> list[tuple[str, bool]]:
    page = client.get(f"{LIST}?{query}")
    return [(str(each["label"]), each["active"]) for each in page.context["tabs"]]


def test_it_is_a_tab_of_its_own_beside_the_others_and_nobody_elses(reader) -> None:
    query = "why=score&view=all&q=Acme&page=3&owner=99999"
    assert save(reader, "Large ones", query)["Location"] == f"{LIST}?view=all&q=Acme&why=score"

    shown = tabs(reader, "view=all&why=score&q=Acme")
    assert [label for label, active in shown if active] == ["Large ones"]
    assert ("All open", True) in tabs(reader, "view=all")
    other = client_as("cs", email="other@koe.example")
    assert len(tabs(other, "view=all")) == len(shown) - 1
    view = SavedView.objects.get()
    for name in ("delete", "first"):
        address = reverse("actions:saved-view-change", args=[view.pk, name])
        assert other.post(address)["Location"] == f"{LIST}?view=mine"
    assert [(each.name, each.is_default) for each in SavedView.objects.all()] == [
        ("Large ones", False)
    ]


def test_one_is_the_first_and_a_name_stands_once(reader) -> None:
    save(reader, "A", "view=all", is_default="on")
    save(reader, "B", "view=overdue", is_default="on")
    save(reader, "B", "view=done", is_default="on")
    assert reader.get(LIST)["Location"] == f"{LIST}?view=done"
    assert reader.get(f"{LIST}?view=mine").status_code == 200

    a, b = SavedView.objects.all()
    reader.post(reverse("actions:saved-view-change", args=[a.pk, "first"]))
    assert reader.get(LIST)["Location"] == f"{LIST}?view=all"
    reader.post(reverse("actions:saved-view-change", args=[a.pk, "later"]))
    assert reader.get(LIST).status_code == 200
    reader.post(reverse("actions:saved-view-change", args=[b.pk, "delete"]))
    assert [each.name for each in SavedView.objects.all()] == ["A"]


def test_there_is_room_for_so_many_and_each_has_a_name(reader) -> None:
    for number in range(MOST_VIEWS + 1):
        save(reader, f"View {number}", "view=all")
    save(reader, " ", "view=all")
    save(reader, "x" * 41, "view=all")
    assert SavedView.objects.count() == MOST_VIEWS
    # One that is there takes no room.
    save(reader, "View 0", "view=done")
    assert SavedView.objects.get(name="View 0").query == "view=done"
