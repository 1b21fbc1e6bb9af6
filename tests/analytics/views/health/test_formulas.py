from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from analytics.domain.health.formulas.typed import typed_of
from analytics.models import HealthFormula
from tests.analytics import world
from tests.analytics.health import definition, make_scored, publish
from tests.staffing import client_as

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
URL = "/analytics/health/formulas/"


@pytest.fixture
def admin(db: None) -> Client:
    return client_as("admin")


def post(client: Client, act: str, **changes: Any) -> Any:
    return client.post(URL, {"act": act, "definition": json.dumps(definition(**changes))})


def test_a_formula_is_checked_saved_and_published(admin: Client) -> None:
    make_scored(10)

    checked = post(admin, "check").content.decode()
    assert "What “Standard” would say today" in checked
    assert not HealthFormula.objects.exists()
    assert post(admin, "save").status_code == 302
    row = HealthFormula.objects.get()
    assert not row.is_in_force
    admin.post(f"{URL}{row.pk}/", {"act": "publish"})
    assert HealthFormula.objects.in_force().get() == row
    admin.post(f"{URL}{row.pk}/", {"act": "withdraw"})
    assert not HealthFormula.objects.in_force().exists()


def test_every_fault_stands_at_the_field_and_what_was_typed_stays(admin: Client) -> None:
    page = post(admin, "save", min_known_share=7, name="")

    text = page.content.decode()
    assert page.status_code == 422
    assert "name: must be a text of 1 to 80 characters" in text
    assert "min_known_share: must be a number from 0.01 to 1" in text
    assert "They stop logging in" in text
    assert not HealthFormula.objects.exists()


def test_the_fields_write_the_same_as_the_json(admin: Client) -> None:
    make_scored(10)
    typed = typed_of(definition())

    checked = admin.post(URL, typed | {"act": "check"}).content.decode()
    assert "What “Standard” would say today" in checked
    assert "<polyline" in checked
    assert not HealthFormula.objects.exists()
    assert admin.post(URL, typed | {"act": "save"}).status_code == 302
    assert HealthFormula.objects.get().definition == definition()


def test_a_fault_of_a_field_stands_at_it_and_nothing_typed_is_lost(admin: Client) -> None:
    typed = typed_of(definition()) | {"measures[1].weight": "plenty", "bands[0].from": "0"}

    page = admin.post(URL, typed | {"act": "save"})

    text = page.content.decode()
    assert page.status_code == 422
    assert 'value="plenty" autocomplete="off" aria-invalid="true"' in text
    assert "both begin at 0" in text
    assert "They stop logging in" in text
    assert not HealthFormula.objects.exists()


def test_rows_are_added_and_taken_out_without_losing_the_others(admin: Client) -> None:
    typed = typed_of(definition()) | {"measures[0].weight": "not yet"}

    more = admin.post(URL, typed | {"act": "add:measures"}).content.decode()
    less = admin.post(URL, typed | {"act": "remove:measures[1]"}).content.decode()

    assert 'name="measures[2].key"' in more
    assert 'value="not yet"' in more
    assert 'name="measures[0].key"' in less
    assert 'name="measures[1].key"' not in less


def test_a_claimed_segment_is_refused_at_publishing(admin: Client) -> None:
    publish(name="All")
    post(admin, "save", name="Other")

    assert HealthFormula.objects.count() == 1


def test_an_act_that_is_none_is_refused(admin: Client) -> None:
    row = publish()

    assert admin.post(f"{URL}{row.pk}/", {"act": "delete"}).status_code == 400


def test_one_press_makes_a_draft_of_what_the_data_would_weigh(admin: Client) -> None:
    row = publish()

    page = admin.post(f"{URL}{row.pk}/draft/", {"key": ["voice", "money"], "weight": ["100", "0"]})

    draft = HealthFormula.objects.get(version=2)
    assert page.headers["Location"] == f"{URL}?version={draft.pk}"
    assert [each["weight"] for each in draft.definition["measures"]] == [100]
    assert HealthFormula.objects.in_force().get() == row
    assert admin.post(f"{URL}{row.pk}/draft/", {}).status_code == 400


def test_the_order_is_changed_by_a_press_and_what_would_never_apply_is_refused(
    admin: Client,
) -> None:
    world.make_dimension("contract")
    for name in ("team", "large"):
        publish(name=name, applies_to={"contract": [name]})
    for_all = publish(name="All")

    admin.post(f"{URL}{HealthFormula.objects.get(name='team').pk}/", {"act": "down"})
    assert [row.name for row in HealthFormula.objects.in_force()] == ["large", "team", "All"]
    page = admin.post(f"{URL}{for_all.pk}/", {"act": "up"}, follow=True).content.decode()

    assert "all these customers are taken by the formula" in page
    assert [row.name for row in HealthFormula.objects.in_force()] == ["large", "team", "All"]


@pytest.mark.parametrize("act", ["add:measures", "remove:bands[0]", "remove:name[0]", "add:name"])
def test_rows_are_of_the_fields_alone(admin: Client, act: str) -> None:
    """Whatever a request made by hand names: a JSON, or a field that is no list."""
    of_json = admin.post(URL, {"act": act, "definition": "[1]"})
    of_fields = admin.post(URL, typed_of(definition()) | {"act": act})

    assert of_json.status_code == 422
    assert of_fields.status_code == 200
    assert "Standard" in of_fields.content.decode()
