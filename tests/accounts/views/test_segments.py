from __future__ import annotations

import pytest

from accounts.models import AuditEvent, Customer, Dimension
from tests.staffing import client_as

pytestmark = pytest.mark.django_db

FORM = {
    "label": "Seats",
    "source": "customer",
    "attribute": "Seats",
    "thresholds": "",
    "labels": "",
}


def test_a_segment_with_bands_is_made() -> None:
    Customer.objects.create(customer_id="a", attributes={"seats": "5"})
    Customer.objects.create(customer_id="b", attributes={"seats": "1,000"})
    Customer.objects.create(customer_id="c", attributes={})
    client = client_as("admin")

    answer = client.post(
        "/settings/segments/new/",
        FORM | {"thresholds": "10\n100", "labels": "small\nmiddle\nlarge"},
    )

    segment = Dimension.objects.get()
    assert (segment.name, segment.attribute, segment.label) == ("seats", "seats", "Seats")
    assert segment.bands == {"thresholds": ["10", "100"], "labels": ["small", "middle", "large"]}
    page = client.get(answer["Location"])
    values = [(value.text, value.count) for value in page.context["values"]]
    assert values == [("small", 1), ("middle", 0), ("large", 1), ("", 1)]
    assert AuditEvent.objects.get().action == "segment.create"


def test_labels_write_themselves() -> None:
    client_as("admin").post("/settings/segments/new/", FORM | {"thresholds": "10\n100"})

    assert Dimension.objects.get().bands["labels"] == ["< 10", "10 ≤ x < 100", "≥ 100"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"thresholds": "ten"}, "“ten” is not a number."),
        ({"thresholds": "100\n10"}, "the thresholds must be given in rising order"),
        ({"thresholds": "10", "labels": "a"}, "1 thresholds make 2 bands"),
        ({"thresholds": "10", "labels": "a\na"}, "all different"),
        ({"labels": "a"}, "Labels need thresholds between them."),
        ({"attribute": "???"}, "cannot be a column name"),
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


def test_delete_asks_first() -> None:
    segment = Dimension.objects.create(name="seats", source="customer", attribute="seats")
    client = client_as("admin")

    assert client.get(f"/settings/segments/{segment.pk}/delete/").status_code == 200
    assert Dimension.objects.count() == 1
    client.post(f"/settings/segments/{segment.pk}/delete/")
    assert Dimension.objects.count() == 0
    assert AuditEvent.objects.get().action == "segment.delete"
