from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Dimension, Organisation
from surveys.models import Campaign
from tests.world import make_customer, make_respondent

pytestmark = pytest.mark.django_db


def test_create_campaign_prints_slug_and_counts_by_reason(capsys) -> None:
    enterprise = make_customer(attributes={"contract": "enterprise"})
    make_respondent(customer=enterprise)
    make_respondent(customer=enterprise, language="ja")
    make_respondent(customer=make_customer(attributes={"contract": "small"}))

    call_command("create_campaign", name="Autumn", where=["contract=enterprise"], language="en")

    printed = json.loads(capsys.readouterr().out)
    assert printed == {
        "slug": "autumn",
        "state": "draft",
        "audience": 2,
        "asked": 1,
        "reasons": {"outside_audience": 1, "wrong_language": 1},
        "earliest": None,
    }


def test_create_campaign_can_launch(capsys) -> None:
    call_command("create_campaign", name="Autumn", slug="a", per_hour=10, launch=True)

    campaign = Campaign.objects.get(slug="a")
    assert (campaign.state, campaign.per_hour) == ("running", 10)
    assert json.loads(capsys.readouterr().out)["state"] == "running"


def test_create_campaign_launches_nothing_that_takes_two_people(capsys) -> None:
    Organisation.objects.create(pk=1, approval_above=1)
    make_respondent()
    make_respondent()
    with pytest.raises(CommandError, match=r"stays a draft\. .* asks more than 1 people"):
        call_command("create_campaign", name="Autumn", launch=True)
    assert json.loads(capsys.readouterr().out)["state"] == Campaign.objects.get().state == "draft"


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"where": ["contract"]}, "--where"),
        (
            {"where": ["contrakt=enterprise"]},
            "there is no segment 'contrakt'. Available: contract.",
        ),
        ({"slug": "taken"}, "A campaign “taken” already exists."),
        ({"per_hour": 0}, "--per-hour: write 1 or more"),
        ({"slug": "not a slug"}, "slug"),
    ],
)
def test_create_campaign_refuses_with_one_sentence(options, error) -> None:
    Campaign.objects.create(slug="taken", name="Taken")
    Dimension.objects.create(name="contract", source="customer", attribute="contract")

    with pytest.raises(CommandError, match=error.replace("(", r"\(")):
        call_command("create_campaign", name="Autumn", **options)

    assert Campaign.objects.count() == 1
