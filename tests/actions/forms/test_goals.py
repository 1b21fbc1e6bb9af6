"""What can be entered of a goal, and what is said of what cannot be."""

from __future__ import annotations

from typing import Any

import pytest

from actions.models import Goal
from analytics.models import HealthFormula
from tests.actions.goals import make_goal
from tests.analytics import world
from tests.analytics.health import NOW, publish
from tests.staffing import client_as, make_staff

pytestmark = pytest.mark.django_db
FORM: dict[str, Any] = {
    "name": "More promoters", "metric": "nps", "segment": "", "parent": "",
    "first_day": "2026-04-01", "last_day": "2027-03-31", "start": "10", "target": "20",
    "shape": "straight", "window_days": "91", "owner": "",
}  # fmt: skip


def test_a_goal_is_set_in_the_unit_that_people_write() -> None:
    client = client_as("admin")
    share = FORM | {"metric": "referral_rate", "start": "20", "target": "35.5"}

    answer = client.post("/goals/new/", share, follow=True)

    goal = Goal.objects.get()
    assert (goal.start, goal.target, goal.owner) == (0.2, 0.355, None)
    assert answer.redirect_chain[-1][0] == f"/goals/{goal.pk}/"
    fields = client.get(f"/goals/{goal.pk}/edit/").content.decode()
    assert 'value="35.5"' in fields
    assert 'value="2027-03-31"' in fields


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"last_day": "2026-04-01"}, "The last day must come after the first one."),
        ({"last_day": "2032-04-01"}, "A goal lasts five years at most."),
        ({"target": "101"}, "Enter a number from -100 to 100."),
        ({"start": "-101"}, "Enter a number from -100 to 100."),
        ({"start": ""}, "The value is not known: enter the one to start from."),
        ({"metric": "nonsense"}, "Select a valid choice."),
        ({"parent": "4711"}, "Select a valid choice."),
        ({"target": "nan"}, "Enter a number."),
    ],
)
def test_what_cannot_be_is_said_at_its_field(changes: dict[str, str], said: str) -> None:
    answer = client_as("admin").post("/goals/new/", FORM | changes)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Goal.objects.exists()


def test_a_goal_without_an_end_has_no_course_and_stands_once_for_a_metric() -> None:
    client = client_as("admin")
    endless = FORM | {"last_day": "", "name": "", "start": "", "shape": "last_year"}

    client.post("/goals/new/", endless)
    again = client.post("/goals/new/", endless)

    goal = Goal.objects.get()
    assert (str(goal), goal.start, goal.target, goal.shape) == ("NPS", 20, 20, "straight")
    assert again.status_code == 422
    assert "This metric has a target already" in again.content.decode()
    assert client.post(f"/goals/{goal.pk}/edit/", endless | {"target": "25"}).status_code == 302
    goal.refresh_from_db()
    assert (goal.start, goal.target) == (25, 25)


def test_a_share_of_a_health_band_can_be_wanted_of_customers_until_a_day() -> None:
    publish()
    world.make_dimension("role", source="respondent")
    campaign, customer = world.make_campaign(), world.make_customer()
    world.answer(world.ask(world.make_respondent(customer, role="buyer"), campaign), 9)
    client = client_as("admin")
    band = FORM | {"metric": "health:good", "start": "40", "target": "60", "name": ""}

    for change, said in (
        ({"last_day": ""}, "A share of a health band needs a last day."),
        ({"metric": "health:nonsense"}, "Select a valid choice."),
        ({"segment": "role=buyer"}, "Health is known of customers"),
    ):
        answer = client.post("/goals/new/", band | change)
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert client.post("/goals/new/", band).status_code == 302

    goal = Goal.objects.get()
    assert (str(goal), goal.target) == ("Customers in the health band “good”", 0.6)
    page = client.get(f"/goals/{goal.pk}/").content.decode()
    assert 'href="/analytics/health/"' in page
    HealthFormula.objects.update(withdrawn_at=NOW)
    assert 'value="health:good"' in client.get(f"/goals/{goal.pk}/edit/").content.decode()


def test_a_goal_is_not_offered_to_serve_those_that_serve_it() -> None:
    top = make_goal(name="Top")
    below = make_goal(name="Below", parent=top)
    client = client_as("admin")

    answer = client.post(f"/goals/{top.pk}/edit/", FORM | {"parent": str(below.pk)})

    assert answer.status_code == 422
    top.refresh_from_db()
    assert (top.parent, top.name) == (None, "Top")


def test_a_closed_account_is_not_offered_as_owner() -> None:
    make_staff("cs", "gone@koe.example", is_active=False)

    assert "gone@koe.example" not in client_as("admin").get("/goals/new/").content.decode()
