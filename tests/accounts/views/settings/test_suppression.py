from __future__ import annotations

import pytest

from accounts.domain.contactability import SuppressionReason
from accounts.models import AuditEvent, Suppression
from accounts.services.suppression import suppress
from tests.staffing import client_as
from tests.world import NOW, make_respondent

pytestmark = pytest.mark.django_db


def stopped(name: str, reason: SuppressionReason = SuppressionReason.OPTED_OUT) -> Suppression:
    return suppress(make_respondent(name=name).person, reason, now=NOW, source="a link")


def names(client, query: str = "") -> list[str]:
    page = client.get(f"/settings/suppression/{query}").context["page_obj"]
    return sorted(each.person.respondents.all()[0].name for each in page)


def test_a_cs_member_sees_the_list_but_lifts_nothing() -> None:
    suppression = stopped("Aya")
    client = client_as("cs")

    assert names(client) == ["Aya"]
    html = client.get("/settings/suppression/").content.decode()
    assert f"/settings/suppression/{suppression.pk}/lift/" not in html
    assert client.get(f"/settings/suppression/{suppression.pk}/lift/").status_code == 403


def test_the_list_is_filtered_by_name_and_reason() -> None:
    stopped("Aya")
    stopped("Ben", SuppressionReason.BOUNCED)
    client = client_as("cs")

    assert names(client) == ["Aya", "Ben"]
    assert names(client, "?q=ay") == ["Aya"]
    assert names(client, "?reason=bounced") == ["Ben"]


def test_lifting_needs_a_note_and_stays_on_record() -> None:
    suppression = stopped("Aya")
    client = client_as("admin")
    path = f"/settings/suppression/{suppression.pk}/lift/"

    assert client.post(path, {"note": "  "}).status_code == 422
    assert names(client) == ["Aya"]
    client.post(path, {"note": "asked for it"})

    suppression.refresh_from_db()
    assert (suppression.note, suppression.lifted_by.email) == ("asked for it", "admin@koe.example")
    assert names(client) == []
    assert names(client, "?lifted=on") == ["Aya"]
    assert AuditEvent.objects.get().action == "suppression.lift"
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_many(rows: int, django_assert_num_queries) -> None:
    for number in range(rows):
        stopped(f"p{number}")
    client = client_as("cs")

    with django_assert_num_queries(6):
        client.get("/settings/suppression/")
