from __future__ import annotations

import datetime as dt

import pytest

from accounts.domain.segments import MRR
from accounts.models import AuditEvent, Customer, Dimension, MonthlyRevenue
from surveys.models import Campaign
from tests.staffing import client_as
from tests.world import make_campaign, make_respondent

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


def test_delete_asks_first() -> None:
    segment = Dimension.objects.create(name="seats", source="customer", attribute="seats")
    client = client_as("admin")

    assert client.get(f"/settings/segments/{segment.pk}/delete/").status_code == 200
    assert Dimension.objects.count() == 1
    client.post(f"/settings/segments/{segment.pk}/delete/")
    assert Dimension.objects.count() == 0
    assert AuditEvent.objects.get().action == "segment.delete"


def test_a_campaign_that_asks_by_a_segment_keeps_it() -> None:
    segment = Dimension.objects.create(name="seats", source="customer", attribute="seats")
    make_campaign(name="Autumn", audience={"seats": ["5"]}, state="draft")
    over = make_campaign(name="Spring", audience={"seats": ["5"]}, state="finished")
    client = client_as("admin")
    url = f"/settings/segments/{segment.pk}/delete/"

    for answer in (client.get(url), client.post(url)):
        assert "Autumn (5)" in answer.content.decode()
        assert "Spring" not in answer.content.decode()
    assert answer.status_code == 409
    assert Dimension.objects.count() == 1

    Campaign.objects.exclude(pk=over.pk).update(state="cancelled")
    assert client.post(url).status_code == 302
    assert Dimension.objects.count() == 0


def test_contract_size_is_banded_from_mrr() -> None:
    for name, mrr in (("a", "500"), ("b", "1000"), ("c", None), ("gone", "500")):
        gone = dt.date(2020, 1, 1) if name == "gone" else None
        customer = Customer.objects.create(customer_id=name, churned_on=gone)
        if mrr:
            MonthlyRevenue.objects.create(customer=customer, month=dt.date(2026, 1, 1), mrr=mrr)
    client = client_as("admin")
    form = FORM | {"reads": "mrr", "label": "Contract size", "thresholds": "1\n1000"}
    form |= {"labels": "none\nsmall\nlarge", "attribute": "", "source": ""}

    preview = client.get("/settings/segments/preview/", form)
    answer = client.post("/settings/segments/new/", form)

    counted = [("none", 1), ("small", 1), ("large", 1)]
    assert [(each.text, each.count) for each in preview.context["values"]] == counted
    segment = Dimension.objects.get()
    assert (segment.name, segment.source, segment.reads_mrr) == ("mrr", "customer", True)
    page = client.get(answer["Location"])
    assert [(each.text, each.count) for each in page.context["values"]] == counted
    assert page.context["form"]["reads"].value() == "mrr"


def test_usage_per_seat_is_banded_and_zero_seats_are_not_known() -> None:
    for name, seats in (("a", "10"), ("b", "2"), ("zero", "0"), ("none", None), ("word", "many")):
        attributes = {"usage": "20"} | ({"seats": seats} if seats else {})
        Customer.objects.create(customer_id=name, attributes=attributes)
    form = FORM | {"reads": "ratio", "label": "Usage per seat", "attribute": "Usage"}
    form |= {"divisor": "Seats", "thresholds": "2\n5", "labels": "low\nmiddle\nhigh"}

    answer = (client := client_as("admin")).post("/settings/segments/new/", form)

    page = client.get(answer["Location"])
    counted = [(each.text, each.count) for each in page.context["values"]]
    assert counted == [("low", 0), ("middle", 1), ("high", 1), ("", 3)]
    assert Dimension.objects.get().name == "usage_per_seat"


def test_the_preview_says_what_is_wrong_and_where() -> None:
    page = client_as("admin").get(
        "/settings/segments/preview/", FORM | {"label": "", "thresholds": "5\n1"}
    )

    assert page.context["errors"] == [
        "Thresholds: 1 must not follow 5: enter the thresholds in ascending order, each only once."
    ]
    assert Dimension.objects.count() == 0


BANDS = {"thresholds": ["10"], "labels": ["few", "many"]}
# Whose it is, what it reads, whether in bands; and what it makes of the two of `make_segment`.
KINDS = {
    "customer attribute": ({"source": "customer", "attribute": "plan"}, [("pro", 1), ("", 1)]),
    "customer attribute in bands": (
        {"source": "customer", "attribute": "seats", "bands": BANDS},
        [("few", 0), ("many", 1), ("", 1)],
    ),
    "customer attribute divided": (
        {"source": "customer", "attribute": "users", "divisor": "seats", "bands": BANDS},
        [("few", 1), ("many", 0), ("", 1)],
    ),
    "mrr": ({"source": "customer", "attribute": MRR, "bands": BANDS}, [("few", 1), ("many", 1)]),
    "respondent attribute": (
        {"source": "respondent", "attribute": "team"},
        [("sales", 1), ("", 1)],
    ),
    "respondent attribute in bands": (
        {"source": "respondent", "attribute": "years", "bands": BANDS},
        [("few", 1), ("many", 0), ("", 1)],
    ),
    "respondent attribute divided": (
        {"source": "respondent", "attribute": "years", "divisor": "team_size", "bands": BANDS},
        [("few", 1), ("many", 0), ("", 1)],
    ),
    "role": ({"source": "respondent", "attribute": "role"}, [("buyer", 1), ("", 1)]),
    "role in bands": (
        {"source": "respondent", "attribute": "role", "bands": BANDS},
        [("few", 0), ("many", 0), ("", 2)],
    ),
    "language": ({"source": "respondent", "attribute": "language"}, [("en", 1), ("ja", 1)]),
    "role divided": (
        {"source": "respondent", "attribute": "years", "divisor": "role", "bands": BANDS},
        [("few", 0), ("many", 0), ("", 2)],
    ),
}
PAGES = [
    "/settings/segments/",
    "/settings/segments/{pk}/",
    "/settings/segments/{pk}/delete/",
    "/campaigns/new/",
    "/customers/",
    "/customers/?segment-tried=pro",
    "/responses/",
    "/responses/?tried=en",
    "/analytics/segments/?by=tried",
]


def make_segment(kind: str) -> tuple[Dimension, list[tuple[str, int]]]:
    fields, values = KINDS[kind]
    seats = {"plan": "pro", "seats": "40", "users": "20"}
    paying = Customer.objects.create(customer_id="a", attributes=seats)
    MonthlyRevenue.objects.create(customer=paying, month=dt.date(2026, 1, 1), mrr=500)
    other = Customer.objects.create(customer_id="b")
    team = {"team": "sales", "years": "3", "team_size": "6"}
    make_respondent(customer=paying, role="buyer", language="en", attributes=team)
    make_respondent(customer=other, language="ja")
    return Dimension.objects.create(name="tried", label="Tried", **fields), values


@pytest.mark.both_databases
@pytest.mark.parametrize("kind", KINDS)
def test_every_page_takes_a_segment_of_every_kind(kind: str) -> None:
    segment, _ = make_segment(kind)
    client = client_as("admin")

    found = {page: client.get(page.format(pk=segment.pk)).status_code for page in PAGES}

    assert found == dict.fromkeys(PAGES, 200)


@pytest.mark.both_databases
@pytest.mark.parametrize("kind", KINDS)
def test_a_segment_of_every_kind_is_shown_previewed_and_saved(kind: str) -> None:
    segment, values = make_segment(kind)
    client = client_as("admin")
    url = f"/settings/segments/{segment.pk}/"
    page = client.get(url)
    form = page.context["form"]
    fields = {name: form[name].value() or "" for name in form.fields}

    preview = client.get("/settings/segments/preview/", fields)
    saved = client.post(url, fields)

    for shown in (page, preview):
        assert sorted((each.text, each.count) for each in shown.context["values"]) == sorted(values)
    assert saved.status_code == 302
    assert client.get(url).context["values"] == page.context["values"]


def test_a_segment_is_put_first() -> None:
    for name in ("plan", "region"):
        Dimension.objects.create(name=name, source="customer", attribute=name)
    client, region = client_as("admin"), Dimension.objects.get(name="region")
    assert "Put Region first" in client.get("/settings/segments/").content.decode()

    answer = client.post(f"/settings/segments/{region.pk}/first/", follow=True)

    assert [each.name for each in answer.context["segments"]] == ["region", "plan"]
    assert "Put Region first" not in answer.content.decode()
