from __future__ import annotations

import pytest
from django.test import Client

from accounts.domain.access.audit import AuditAction
from accounts.models import AuditEvent, StaffUser
from accounts.services.access.audit import record_event
from tests.actions.following import answered
from tests.staffing import logged_in, make_staff
from tests.world import NOW, make_respondent

pytestmark = pytest.mark.django_db


def said() -> list[tuple[str, StaffUser | None, str]]:
    rows = AuditEvent.objects.select_related("actor").order_by("pk")
    return [(each.action, each.actor, each.target) for each in rows]


def test_the_log_is_filtered_by_action_and_actor() -> None:
    admin, cs = make_staff("admin"), make_staff("cs")
    record_event(AuditAction.CAMPAIGN_LAUNCH, actor=cs, now=NOW, target="autumn")
    record_event(
        AuditAction.CAMPAIGN_PAUSE, actor=None, now=NOW, target="autumn", state_reason="bounces"
    )
    client = logged_in(admin)

    def actions(query: str = "") -> list[str]:
        return [each.action for each in client.get(f"/settings/audit/{query}").context["page_obj"]]

    assert actions() == ["campaign.pause", "campaign.launch"]
    assert actions("?action=campaign.launch&actor=") == ["campaign.launch"]
    assert actions(f"?action=&actor={cs.pk}") == ["campaign.launch"]
    assert actions("?action=&actor=0") == ["campaign.pause"]
    page = client.get("/settings/audit/").content.decode()
    assert "Reason: bounces" in page
    assert "<td>Launched a campaign</td>" in page


def test_what_somebody_may_not_open_is_noted_whichever_view_refuses() -> None:
    viewer = make_staff("viewer")

    assert logged_in(viewer).get("/settings/audit/").status_code == 403
    assert Client().get("/settings/audit/").status_code == 302

    [event] = AuditEvent.objects.all()
    assert (event.action, event.actor, event.target) == (
        "access.refused", viewer, "/settings/audit/"
    )  # fmt: skip


def test_a_refusal_of_a_view_s_own_and_a_forged_form_are_noted_too() -> None:
    viewer = make_staff("viewer")
    response = answered(3)
    page = f"/responses/{response.pk}/"
    forging = Client(enforce_csrf_checks=True)
    forging.force_login(viewer)

    assert logged_in(viewer).post(page, {}).status_code == 403
    assert forging.post("/i18n/setlang/", {"language": "ja"}).status_code == 403

    events = AuditEvent.objects.filter(action="access.refused").order_by("pk")
    assert [each.target for each in events] == [page, "/i18n/setlang/"]


def test_whose_page_was_opened_is_noted_without_a_name() -> None:
    cs, respondent = make_staff("cs"), make_respondent(name="Aya Sato")

    logged_in(cs).get(f"/respondents/{respondent.pk}/")

    assert said() == [("person.open", cs, f"person {respondent.person_id}")]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_log_costs_the_same_for_one_and_for_many(rows: int, django_assert_num_queries) -> None:
    admin = make_staff("admin")
    for number in range(rows):
        record_event(AuditAction.CAMPAIGN_LAUNCH, actor=admin, now=NOW, target=number)
    client = logged_in(admin)

    with django_assert_num_queries(6):
        client.get("/settings/audit/")


def test_details_are_in_the_words_of_the_page() -> None:
    admin = make_staff("admin", language="ja")
    record_event(AuditAction.STAFF_ROLE, actor=admin, now=NOW, target="a@b.example", role="viewer")
    record_event(AuditAction.SUPPRESSION_LIFT, actor=admin, now=NOW, reason="bounced", note="")
    record_event(AuditAction.IMPORT_REVENUE, actor=admin, now=NOW, created=3, unknown_code="x")

    page = logged_in(admin).get("/settings/audit/").content.decode()

    assert ">役割: 閲覧者<" in page
    assert ">理由: メール不達<" in page
    assert "メモ:" not in page
    assert ">新規: 3<" in page
    assert ">unknown_code: x<" in page
