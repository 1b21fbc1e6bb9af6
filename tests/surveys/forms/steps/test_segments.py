from __future__ import annotations

import pytest
from django.http import QueryDict

from surveys.forms.steps.segments import SegmentFilterForm
from tests.analytics import world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def form(query: str) -> SegmentFilterForm:
    return SegmentFilterForm(QueryDict(query))


def test_a_value_that_no_customer_has_any_more_is_asked_for_all_the_same() -> None:
    world.make_dimension("plan")
    world.make_customer(plan="gold")

    found = form("segment-plan=old&segment-plan=gold")

    assert found.segments() == {"plan": ["old", "gold"]}
    choices = [value for value, _label in found.fields["segment-plan"].choices]  # type: ignore[attr-defined]
    assert choices == ["", "gold", "—", "old"]


def test_what_no_database_holds_is_not_asked_for() -> None:
    world.make_dimension("plan")
    world.make_customer(plan="gold")

    found = form("segment-plan=%00&segment-%00=x")

    assert found.segments() == {}
    assert set(found.errors) == {"segment-plan"}


def test_what_is_not_known_and_a_dimension_that_is_not_offered_can_be_asked_for() -> None:
    world.make_dimension("plan")
    world.make_dimension("language", source="respondent")

    assert form("segment-plan=%E2%80%94&segment-language=ja").segments() == {
        "plan": [""],
        "language": ["ja"],
    }
    assert "segment-language" not in form("").fields
    assert form("segment-gone=x").segments() == {}


def test_whose_accounts_is_said_by_who_asks() -> None:
    assert form("mine=1").given(reader="me@koe.example")["owner"] == "me@koe.example"
    assert form("").given(reader="me@koe.example")["owner"] == ""
    assert form("from_=2026-05-02&to=2026-05-01").errors["to"]
