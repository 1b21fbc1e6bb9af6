from __future__ import annotations

from typing import Any

import pytest

from accounts.domain.segments import MRR
from accounts.forms.segments import SegmentForm
from accounts.models import Customer, Dimension
from tests.staffing import client_as
from tests.world import NOW, make_campaign

pytestmark = pytest.mark.django_db


FORM = {
    "label": "Seats",
    "source": "customer",
    "attribute": "Seats",
    "thresholds": "",
    "labels": "",
}


def test_labels_write_themselves() -> None:
    client_as("admin").post("/settings/segments/new/", FORM | {"thresholds": "10\n100"})

    assert Dimension.objects.get().bands["labels"] == ["< 10", "10 ≤ x < 100", "≥ 100"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"thresholds": "ten"}, "“ten” is not a number. Enter digits, such as 1000 or 0.5."),
        ({"thresholds": "5\n1000\n10"}, "10 must not follow 1,000: enter the thresholds in"),
        (
            {"thresholds": "10\n10"},
            "10 must not follow 10: enter the thresholds in ascending order",
        ),
        ({"thresholds": "10", "labels": "a"}, "1 thresholds make 2 bands"),
        ({"thresholds": "10", "labels": "a\na"}, "all different"),
        ({"labels": "a"}, "Labels need thresholds: enter at least one."),
        ({"attribute": "???"}, "cannot be a column name"),
        ({"attribute": ""}, "Enter the name of the column."),
        ({"source": ""}, "Choose whose attribute it is."),
        ({"reads": "mrr"}, "enter at least one threshold"),
        ({"reads": "ratio", "divisor": "places"}, "enter at least one threshold"),
        ({"reads": "ratio", "thresholds": "1"}, "Enter the name of the column."),
        ({"reads": "ratio", "divisor": "seats", "thresholds": "1"}, "an attribute is always 1."),
        ({"label": ""}, "This field is required."),
    ],
)
def test_a_wrong_segment_is_refused(fields: dict[str, str], message: str) -> None:
    answer = client_as("admin").post("/settings/segments/new/", FORM | fields)

    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert Dimension.objects.count() == 0


def test_a_second_segment_over_an_attribute_is_named_by_its_label() -> None:
    Dimension.objects.create(name="seats", source="customer", attribute="seats")

    client_as("admin").post(
        "/settings/segments/new/", FORM | {"label": "Size class", "thresholds": "10"}
    )

    names = list(Dimension.objects.values_list("name", "attribute"))
    assert names == [("seats", "seats"), ("size_class", "seats")]


def test_an_edit_keeps_the_name() -> None:
    segment = Dimension.objects.create(name="seats", source="customer", attribute="seats")

    client_as("admin").post(
        f"/settings/segments/{segment.pk}/", FORM | {"label": "Places", "thresholds": "10"}
    )

    segment.refresh_from_db()
    assert (segment.name, segment.label) == ("seats", "Places")
    assert segment.bands == {"thresholds": ["10"], "labels": ["< 10", "≥ 10"]}


def test_a_wrong_edit_changes_nothing() -> None:
    segment = Dimension.objects.create(name="seats", source="customer", attribute="seats")

    client_as("admin").post(f"/settings/segments/{segment.pk}/", FORM | {"thresholds": "x"})

    segment.refresh_from_db()
    assert (segment.label, segment.bands) == ("", {})


def test_taking_values_from_a_campaign_is_said_twice() -> None:
    segment = Dimension.objects.create(
        name="seats", source="customer", attribute="seats",
        bands={"thresholds": ["10"], "labels": ["small", "large"]},
    )  # fmt: skip
    make_campaign(name="Autumn", audience={"seats": ["large", ""]})
    client = client_as("admin")
    changed = FORM | {"thresholds": "10", "labels": "few\nmany"}
    url = f"/settings/segments/{segment.pk}/"

    assert "Autumn (large, )" in client.get(url).content.decode()
    page = client.post(url, changed)
    assert page.status_code == 422
    assert "ask nobody for them: Autumn (large)." in page.content.decode()
    segment.refresh_from_db()
    assert segment.bands["labels"] == ["small", "large"]

    assert client.post(url, changed | {"anyway": "on"}).status_code == 302
    segment.refresh_from_db()
    assert segment.bands["labels"] == ["few", "many"]


def test_a_change_that_leaves_the_campaign_its_values_is_saved_at_once() -> None:
    segment = Dimension.objects.create(name="seats", source="customer", attribute="seats")
    Customer.objects.create(customer_id="a", attributes={"places": "5"})
    make_campaign(audience={"seats": ["5"]})

    answer = client_as("admin").post(
        f"/settings/segments/{segment.pk}/", FORM | {"attribute": "places"}
    )

    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("label", "taken", "name"),
    [
        ("契約規模", [], "seats"),
        ("契約規模", ["seats"], "契約規模"),
        ("???", ["seats"], "seats_2"),
        ("Seats", ["seats"], None),
        ("???", ["seats", "seats_2"], None),
    ],
)
def test_a_segment_is_named_by_what_it_reads_then_by_its_label_then_by_a_number(
    label: str, taken: list[str], name: str | None
) -> None:
    for each in taken:
        Dimension.objects.create(name=each, source="customer", attribute=each)

    form = SegmentForm(FORM | {"label": label}, today=NOW.date())

    assert form.is_valid() is (name is not None)
    assert (form.dimension.name or None) == name
    if name is None:
        assert form.errors == {"label": ["A segment with this name already exists."]}


def test_what_the_form_shows_of_a_segment_makes_the_same_segment_again() -> None:
    bands = {"thresholds": ["0.5", "1000"], "labels": ["low", "middle", "high"]}
    made_of: list[dict[str, Any]] = [
        {"attribute": "plan", "source": "respondent"},
        {"attribute": "usage", "divisor": "seats", "bands": bands, "source": "respondent"},
        {"attribute": MRR, "bands": bands, "source": "customer"},
    ]
    for number, fields in enumerate(made_of):
        segment = Dimension.objects.create(name=f"s{number}", label="Label", **fields)
        shown = SegmentForm(today=NOW.date(), dimension=segment).initial

        form = SegmentForm(shown, today=NOW.date(), dimension=segment)

        assert form.is_valid(), form.errors
        assert Dimension.objects.get(pk=segment.pk).fingerprint == form.dimension.fingerprint
        assert form.dimension.source == fields["source"]


def test_a_segment_is_named_in_each_language() -> None:
    admin = client_as("admin")

    admin.post("/settings/segments/new/", FORM | {"label_ja": "座席数"})

    (made,) = Dimension.objects.all()
    assert (made.label, made.labels) == ("Seats", {"ja": "座席数"})
    page = admin.get(f"/settings/segments/{made.pk}/").content.decode()
    assert 'value="座席数"' in page
    admin.post(f"/settings/segments/{made.pk}/", FORM)
    made.refresh_from_db()
    assert made.labels == {}
