"""The pages of improvements."""

from __future__ import annotations

from typing import Any

import pytest

from actions.models import FollowUp, Improvement
from actions.reports.improvements import compared
from tests.actions.following import answered
from tests.actions.forms.test_improvements import FORM
from tests.actions.goals import make_goal, make_improvement
from tests.analytics import world
from tests.staffing import client_as
from tests.world import make_customer

pytestmark = pytest.mark.django_db


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


@pytest.fixture
def row() -> Improvement:
    return make_improvement(world.make_dimension("plan"), goal=make_goal(), expected=0.02)


def test_what_is_not_known_is_said_and_no_figure_is_made_up(row: Improvement) -> None:
    client = client_as("viewer")

    listed, page = (
        words(client.get("/goals/improvements/")),
        words(client.get(f"/goals/improvements/{row.pk}/")),
    )

    assert "Too few to tell" in listed
    assert "Not known: a figure is missing" in page
    assert "+2.0 points" in page
    assert f"/goals/{row.goal_id}/" in page
    assert "/conclude/" not in page
    assert client.get(f"/goals/improvements/{row.pk}/chart.svg")["Content-Type"] == "image/svg+xml"


def test_one_that_has_not_begun_has_no_figures(row: Improvement) -> None:
    Improvement.objects.update(began_on="2190-01-01")
    client = client_as("viewer")

    assert "Not begun" in words(client.get(f"/goals/improvements/{row.pk}/"))
    assert client.get(f"/goals/improvements/{row.pk}/chart.svg").status_code == 404


def test_the_list_makes_no_report_twice_within_seconds(
    row: Improvement, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def counted(asked: Improvement, **options: Any) -> Any:
        made.append(asked.metric)
        return compared(asked, **options)

    monkeypatch.setattr("actions.views.improvements.compared", counted)
    client = client_as("viewer")
    for _ in range(2):
        assert "Too few to tell" in words(client.get("/goals/improvements/"))
    assert made == [row.metric]

    Improvement.objects.update(metric="feedback_rate")
    client.get("/goals/improvements/")
    assert made == [row.metric, "feedback_rate"]


def test_it_is_planned_changed_concluded_and_deleted() -> None:
    world.make_dimension("plan")
    world.give_scores(world.make_customer(plan="gold"), world.make_campaign(), 10)
    client = client_as("cs")

    assert "No improvements yet" in words(client.get("/goals/improvements/"))
    assert client.post("/goals/improvements/new/", FORM | {"segment": ""}).status_code == 422
    client.post("/goals/improvements/new/", FORM)
    row = Improvement.objects.get()
    url = f"/goals/improvements/{row.pk}"
    client.post(f"{url}/edit/", FORM | {"name": "Better gifts"})
    assert client.post(f"{url}/conclude/", {"outcome": ""}).status_code == 422
    client.post(f"{url}/conclude/", {"outcome": "It <helped>."})

    page = words(client.get(f"{url}/"))
    assert "Better gifts" in page
    assert "It &lt;helped&gt;." in page
    assert client.post(f"{url}/delete/").status_code == 403
    admin = client_as("admin")
    assert "is deleted with its conclusion" in words(admin.get(f"{url}/delete/"))
    admin.post(f"{url}/delete/")
    assert not Improvement.objects.exists()


def test_it_is_planned_from_a_follow_up_and_both_show_the_other() -> None:
    found = answered(3, customer=make_customer(name="Kita <Co>")).case.follow_up
    FollowUp.objects.update(root_cause="onboarding")
    world.make_dimension("plan")
    world.give_scores(world.make_customer(plan="gold"), world.make_campaign(), 10)
    client = client_as("cs")
    url = f"/goals/improvements/new/?follow_up={found.pk}"

    shown = client.get(url)
    assert "It will be linked to the follow-up of Kita &lt;Co&gt;." in words(shown)
    assert shown.context["form"]["causes"].value() == ["onboarding"]
    client.post(url, FORM | {"causes": ["onboarding"]})
    row = Improvement.objects.get()

    page = f"/goals/improvements/{row.pk}/"
    assert f"/follow-ups/{found.pk}/" in words(client.get(page))
    assert "1 follow-up closed with this root cause" in words(client.get(page))
    assert f'href="{page}"' in words(client.get(f"/follow-ups/{found.pk}/"))
    viewer = client_as("viewer")
    seen = words(viewer.get(page))
    assert ("1 follow-up</p>" in seen, "Kita" in seen) == (True, False)

    assert viewer.post(f"{page}follow-ups/{found.pk}/remove/").status_code == 403
    client.post(f"{page}follow-ups/{found.pk}/remove/")
    assert not row.follow_ups.exists()


@pytest.mark.parametrize("wanted", ["0", "x", "²", "99"])
def test_of_a_follow_up_that_is_none_nothing_can_be_planned(wanted: str) -> None:
    assert client_as("cs").get(f"/goals/improvements/new/?follow_up={wanted}").status_code == 404
