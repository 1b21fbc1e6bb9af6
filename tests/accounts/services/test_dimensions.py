from __future__ import annotations

import pytest

from accounts.models import AuditEvent, Dimension, SegmentRebuild
from accounts.services.dimensions import (
    DimensionInUse,
    Use,
    delete_dimension,
    left_without_anybody,
    put_first,
    save_dimension,
    uses_of,
)
from tests.staffing import make_staff
from tests.world import NOW, make_campaign, make_customer

pytestmark = pytest.mark.django_db


def test_a_segment_in_use_is_not_deleted_behind_the_page_either() -> None:
    segment = Dimension.objects.create(name="seats", source="customer", attribute="seats")
    make_campaign(name="Autumn", audience={"seats": ["5"]})

    with pytest.raises(DimensionInUse, match="Autumn"):
        delete_dimension(segment, by=make_staff("admin"), now=NOW)


def test_a_campaign_that_is_over_keeps_no_segment() -> None:
    segment = Dimension.objects.create(name="seats", source="customer", attribute="seats")
    make_campaign(audience={"seats": ["5"]}, state="finished")
    make_campaign(audience={"plan": ["5"]})

    assert uses_of(segment) == []
    delete_dimension(segment, by=make_staff("admin"), now=NOW)

    assert not Dimension.objects.exists()
    event = AuditEvent.objects.get()
    assert (event.action, event.target) == ("segment.delete", "seats")


def test_who_would_ask_nobody_is_told_which_values_are_lost() -> None:
    make_customer(attributes={"seats": "5"})
    uses = [Use("Autumn", ("5", "6", "")), Use("Spring", ("5",))]
    segment = Dimension(name="seats", source="customer", attribute="seats")

    assert left_without_anybody(segment, uses=uses, day=NOW.date()) == [Use("Autumn", ("6",))]
    # A band is a value though nobody is in it today.
    segment.bands = {"thresholds": ["100"], "labels": ["5", "6"]}
    assert left_without_anybody(segment, uses=uses, day=NOW.date()) == []
    segment.bands = {"thresholds": ["100"], "labels": ["few", "many"]}
    assert left_without_anybody(segment, uses=uses, day=NOW.date()) == [
        Use("Autumn", ("5", "6")),
        Use("Spring", ("5",)),
    ]


def test_values_are_looked_for_beyond_those_that_a_page_shows() -> None:
    for number in range(60):
        make_customer(attributes={"seats": str(number)})
    segment = Dimension(name="seats", source="customer", attribute="seats")

    uses = [Use("Autumn", tuple(map(str, range(60))))]
    assert left_without_anybody(segment, uses=uses, day=NOW.date()) == []


def test_a_segment_that_is_made_and_one_that_is_changed_are_on_record_and_begin_a_rebuild() -> None:
    admin = make_staff("admin")
    segment = Dimension(name="seats", label="Seats", source="customer", attribute="seats")

    save_dimension(segment, by=admin, now=NOW)
    segment.bands = {"thresholds": ["1"], "labels": ["a", "b"]}
    save_dimension(segment, by=admin, now=NOW)

    made, changed = AuditEvent.objects.order_by("pk")
    assert (made.action, made.detail["bands"]) == ("segment.create", {})
    assert (changed.action, changed.detail["bands"]) == ("segment.update", segment.bands)
    rebuild = SegmentRebuild.objects.get()
    assert rebuild.definitions == {str(segment.pk): segment.fingerprint}


def test_put_first_keeps_the_order_of_the_others_and_what_is_added_is_last() -> None:
    for name in ("b", "a", "c"):
        Dimension.objects.create(name=name, source="customer", attribute=name)
    admin = make_staff("admin")
    assert Dimension.objects.next_position() == 0

    put_first(Dimension.objects.get(name="c"), by=admin, now=NOW)
    save_dimension(Dimension(name="0", source="customer", attribute="0"), by=admin, now=NOW)

    assert [each.name for each in Dimension.objects.in_order()] == ["c", "a", "b", "0"]
    event = AuditEvent.objects.get(action="segment.update")
    assert (event.target, event.detail) == ("c", {"position": 1})


def test_a_segment_that_is_put_first_while_it_is_edited_stays_first() -> None:
    by = make_staff()
    for name in ("plan", "tier"):
        save_dimension(Dimension(name=name, source="customer", attribute=name), by=by, now=NOW)
    edited = Dimension.objects.get(name="tier")
    put_first(Dimension.objects.get(name="tier"), by=by, now=NOW)

    edited.label = "Tier"
    save_dimension(edited, by=by, now=NOW)

    assert [each.label for each in Dimension.objects.in_order()] == ["Tier", ""]
