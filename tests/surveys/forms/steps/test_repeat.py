from __future__ import annotations

import pytest

from surveys.forms.steps.repeat import rule_of
from surveys.models import Campaign
from tests.surveys.helpers.editor import form_data
from tests.world import make_campaign, make_customer

pytestmark = pytest.mark.django_db

RULES = [
    ({"repeat": ""}, "Everybody once"),
    (
        {"repeat": "every", "every_months": 6, "latest_days": 14},
        "Everybody every 6 months, spread over the working days; at most 14 days late",
    ),
    (
        {"repeat": "date", "date_name": "renews_on", "date_days": -90, "latest_days": 0},
        "90 days before: Renewal of the contract; missed days are skipped",
    ),
    (
        {"repeat": "date", "date_name": "customer:go_live", "date_days": 30, "latest_days": 1},
        "30 days after: go_live; at most 1 day late",
    ),
]


@pytest.mark.parametrize(("fields", "words"), RULES)
def test_the_rule_is_told_in_words(fields, words, django_assert_num_queries) -> None:
    campaign = make_campaign(**fields)
    with django_assert_num_queries(0):
        assert rule_of(campaign) == words


def test_the_editor_saves_the_rule_with_the_days_before_a_date(staff) -> None:
    make_customer(attributes={"go_live": "2027-03-01"})
    rule = {
        "repeat": "date", "date_name": "customer:go_live", "date_days": "45",
        "date_side": "before", "latest_days": "7", "reserves_slot": "on",
    }  # fmt: skip
    client = staff("cs")

    client.post("/campaigns/new/", form_data(**rule))

    made = Campaign.objects.get()
    assert (made.repeat, made.date_name, made.date_days) == ("date", "customer:go_live", -45)
    assert (made.latest_days, made.reserves_slot) == (7, True)
    html = client.get(f"/campaigns/{made.slug}/edit/").content.decode()
    assert 'name="date_days" value="45"' in html
    assert '<option value="before" selected>' in html


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"repeat": "every"}, "Enter a number of months."),
        ({"repeat": "every", "every_months": "0"}, "greater than or equal to 1"),
        ({"repeat": "date"}, "Choose a date."),
        ({"repeat": "date", "date_name": "password"}, "Select a valid choice."),
    ],
)
def test_a_rule_that_is_not_whole_is_not_saved(staff, rule, words) -> None:
    page = staff("cs").post("/campaigns/new/", form_data(**rule))

    assert page.status_code == 422
    assert words in page.content.decode()
    assert not Campaign.objects.exists()
