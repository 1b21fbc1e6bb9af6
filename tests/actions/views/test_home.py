from __future__ import annotations

import datetime as dt

import pytest
from django.core.checks import run_checks
from django.test import Client
from django.utils import timezone

from accounts.models import Import
from actions.models import FollowUp, HiddenLine
from analytics.counting.cells.folding import rebuild
from surveys.domain.states import CampaignState, InvitationState
from surveys.models import Response
from tests.actions.health import scored
from tests.staffing import client_as
from tests.surveys.helpers.answered import answered
from tests.world import DAY, answer, make_campaign, make_customer, make_invitation, make_respondent

pytestmark = pytest.mark.django_db


def renewing(days: int, **fields: object) -> None:
    today = timezone.localdate()
    customer = make_customer(renews_on=today + days * DAY, **fields)
    scored(customer, "worst", until=today - DAY)


def lines(client: Client, path: str = "/") -> list[str]:
    sections = client.get(path).context["sections"]
    return [each["line"].key for section in sections for each in section["lines"]]


def test_a_fresh_system_shows_the_first_steps_and_one_to_take() -> None:
    html = client_as("cs").get("/").content.decode()

    assert "Your first survey" in html
    assert html.count("btn-primary") == 1
    assert 'href="/imports/new/"' in html
    assert "Since yesterday" not in html


def test_the_last_step_leads_to_the_draft() -> None:
    make_respondent()
    draft = make_campaign(state=CampaignState.DRAFT)

    html = client_as("cs").get("/").content.decode()

    assert f'btn-primary" href="/campaigns/{draft.slug}/"' in html


def test_the_first_steps_go_once_a_campaign_is_launched() -> None:
    make_campaign()

    html = client_as("cs").get("/").content.decode()

    assert "Your first survey" not in html
    assert "Nothing to do" in html
    assert "Nobody answered." in html
    assert "No customer changed its health band, none left." in html


def test_a_running_campaign_shows_asked_and_answered_and_when_the_next_e_mail_leaves() -> None:
    campaign = make_campaign()
    answered(9, "", campaign=campaign)
    rebuild()
    make_invitation(make_respondent(), campaign, state=InvitationState.SENT)
    client = client_as("cs")
    assert "No e-mail waits to leave." in client.get("/").content.decode()
    make_invitation(make_respondent(), campaign, send_at=timezone.now() + DAY)

    html = client.get("/").content.decode()

    assert campaign.name in html
    assert "1 of 2" in html
    assert "The next e-mail leaves on " in html


def test_answers_set_aside_lately_are_told_and_their_link_shows_as_many() -> None:
    make_campaign()
    answered(0, "robot", suspect=True)
    answered(1, "robot, too", suspect=True)
    answered(2, "long ago", suspect=True, age=30 * DAY)
    client = client_as("cs")

    html = client.get("/").content.decode()

    assert "2 answers of the last 7 days are flagged as suspicious and not counted." in html
    day = timezone.localdate(timezone.now() - 7 * DAY).isoformat()
    address = f"/responses/?suspect=on&mine=&from_={day}"
    assert address.replace("&", "&amp;") in html
    assert client.get(address).context["page"].paginator.count == 2


def test_a_viewer_has_the_overview() -> None:
    make_campaign(state=CampaignState.PAUSED, state_reason="bounces")
    answer = client_as("viewer").get("/")

    html = answer.content.decode()
    assert answer.context["report"].name == "overview"
    assert "bounces" not in html
    assert "/campaigns/" not in html


def test_an_admin_sees_goals_and_system_first_and_others_do_not() -> None:
    make_campaign()

    assert "Goals and system" in client_as("admin").get("/").content.decode()
    assert "Goals and system" not in client_as("cs").get("/").content.decode()


def test_an_admin_reads_what_a_public_installation_misses_and_others_do_not(settings) -> None:
    admin, cs = client_as("admin"), client_as("cs")
    assert "not finished" not in admin.get("/").content.decode()
    settings.UNFINISHED = [("TIME_ZONE", "write yours, such as Asia/Tokyo.")]

    shown = admin.get("/").content.decode()

    assert "This installation is not finished" in shown
    assert "<code>TIME_ZONE</code>: write yours, such as Asia/Tokyo.</li>" in shown
    assert "not finished" not in cs.get("/").content.decode()
    assert [
        each.msg for each in run_checks(include_deployment_checks=True) if "koe" in each.id
    ] == ["TIME_ZONE: write yours, such as Asia/Tokyo."]


@pytest.mark.parametrize("rows", [1, 3])
def test_home_costs_the_same_for_one_and_for_many(rows: int, django_assert_num_queries) -> None:
    for number in range(rows):
        make_campaign(state=CampaignState.PAUSED, state_reason="bounces")
        make_campaign(state=CampaignState.DRAFT)
        campaign = make_campaign()
        invitation = make_invitation(make_respondent(), campaign, state="sent")
        answer(invitation, 2, at=timezone.now() - 7 * DAY)
        Response.objects.filter(pk=answered(2, "late").pk).update(suspect=True)
        make_invitation(
            make_respondent(), campaign, state=InvitationState.FAILED, settled_at=timezone.now()
        )
        Import.objects.create(kind="customers", state="refused", file_name=f"{number}.csv")
        renewing(20 + number)
    FollowUp.objects.update(due_at=timezone.now() - DAY)
    client = client_as("admin")

    with django_assert_num_queries(65):
        client.get("/")


def test_a_cs_member_begins_with_their_own_accounts() -> None:
    make_campaign()
    renewing(20, name="Mine", owner_email="CS@koe.example")
    renewing(20, name="Theirs", owner_email="other@koe.example")
    client = client_as("cs")

    def named(path: str) -> list[bool]:
        html = client.get(path).content.decode()
        return [name in html for name in ("Mine", "Theirs")]

    assert named("/") == named("/?mine=1") == [True, False]
    assert named("/?mine=") == [True, True]
    # An admin looks after all of them; so does who has none.
    for other in (client_as("admin"), client_as("cs", email="new@koe.example")):
        assert "Theirs" in other.get("/").content.decode()
    html = other.get("/?mine=1").content.decode()
    assert "No customer has new@koe.example as its owner’s e-mail." in html


def test_a_line_is_hidden_until_it_gets_worse_and_can_be_shown_again() -> None:
    make_campaign()
    renewing(20)
    client = client_as("cs")
    [key] = lines(client)
    data = {"hide": f"99 {key}", "back": "/?mine="}

    answer = client.post("/work/renewal/hide/", data)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/?mine=")
    html = client.get("/").content.decode()
    assert lines(client) == []
    assert "You have hidden 1 line until it gets worse." in html
    assert lines(client, "/?hidden=1") == [key]
    assert "Show again" in client.get("/work/renewal/").content.decode()
    client.post("/work/renewal/hide/", {"show": data["hide"]})
    assert lines(client) == [key]
    # Of nobody else.
    HiddenLine.objects.all().delete()
    client_as("admin").post("/work/renewal/hide/", data)
    assert lines(client) == [key]


@pytest.mark.parametrize(
    ("kind", "data", "status"),
    [
        ("overdue", {"hide": "1 1"}, 404),
        ("magic", {"hide": "1 1"}, 404),
        ("renewal", {"hide": "1 " + "x" * 101}, 400),
        ("renewal", {"hide": f"{2**63} 1"}, 400),
        ("renewal", {"hide": "1"}, 400),
    ],
)
def test_what_cannot_be_hidden_is_refused(kind: str, data: dict[str, str], status: int) -> None:
    assert client_as("cs").post(f"/work/{kind}/hide/", data).status_code == status
    assert not HiddenLine.objects.exists()


def test_nobody_is_led_elsewhere_by_hiding_a_line() -> None:
    client = client_as("cs")
    for back in ("https://evil.example/", "//evil.example", "work", ""):
        data = {"hide": "1 1", "back": back}
        assert client.post("/work/goal/hide/", data).headers["Location"] == "/"


def test_more_than_fit_lead_to_a_page_with_all_of_them() -> None:
    make_campaign()
    for number in range(7):
        renewing(20 + number)
    client = client_as("cs")

    assert "Renewals at risk: all 7" in client.get("/").content.decode()
    page = client.get("/work/renewal/?mine=")
    assert page.content.decode().count('class="work-line') == 7
    assert client.get("/work/magic/").status_code == 404
    assert "Nothing to do" in client.get("/work/goal/").content.decode()


def test_what_is_due_says_by_how_much() -> None:
    make_campaign()
    renewing(0)
    renewing(1)
    renewing(2)
    late = answered(2, "Bad.")
    FollowUp.objects.create(
        customer=late.invitation.respondent.customer, trigger="score",
        opened_at=timezone.now(), first_due_at=timezone.now(),
        due_at=timezone.now() - dt.timedelta(days=3),
    )  # fmt: skip

    html = client_as("cs").get("/").content.decode()

    for text in ("3 days late", ">today<", ">tomorrow<", "in 2 days"):
        assert text in html
