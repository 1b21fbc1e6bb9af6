"""A segment over MRR or two attributes means the same to sending, imports, audiences and pages."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from accounts.domain.imports.file_columns import FileKind
from accounts.domain.segments import MRR
from accounts.models import Customer, CustomerVersion, Dimension, MonthlyRevenue
from analytics.domain.periods import Period
from analytics.queries.filters import Filters
from analytics.reports.answers.segments import segment_report
from surveys.domain.states import CampaignState
from surveys.models import Attempt, Invitation
from surveys.queries.campaigns import planning
from surveys.sending import mails
from surveys.services import slots
from surveys.services.people.erase import erase_person
from tests.accounts.importing import Files
from tests.staffing import client_as, make_staff
from tests.world import NOW, make_campaign, make_customer, make_invitation, make_respondent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

SIZES = {"thresholds": ["1", "100"], "labels": ["none", "small", "large"]}
LOADS = {"thresholds": ["2"], "labels": ["low", "high"]}
OCTOBER, NOVEMBER = dt.date(2026, 10, 1), dt.date(2026, 11, 1)


@pytest.fixture(autouse=True)
def _segments() -> None:
    Dimension.objects.create(name="size", source="customer", attribute=MRR, bands=SIZES)
    Dimension.objects.create(
        name="load", source="customer", attribute="usage", divisor="seats", bands=LOADS
    )


def paying(mrr: str | None, *, month: dt.date = OCTOBER, **attributes: str) -> Customer:
    customer = make_customer(attributes=attributes, started_on=dt.date(2025, 1, 1))
    if mrr is not None:
        MonthlyRevenue.objects.create(customer=customer, month=month, mrr=mrr)
    return customer


def frozen(customer: Customer) -> dict[str, str]:
    """What sending freezes, `NOW` being in November 2026."""
    row = make_invitation(make_respondent(customer=customer))
    slots.reserve({row.person_id: row.pk}, now=NOW)
    [mail] = mails.read_mails([row.pk], kind=Attempt.Kind.SURVEY, now=NOW)
    Invitation.objects.filter(pk=row.pk).update(profile=mail.profile_id)  # type: ignore[union-attr]
    return Invitation.objects.get(pk=row.pk).profile.values


def test_sending_freezes_the_mrr_of_the_last_month_end_and_the_ratio() -> None:
    large = paying("100", usage="4", seats="2")
    MonthlyRevenue.objects.create(customer=large, month=NOVEMBER, mrr=1)
    MonthlyRevenue.objects.create(customer=large, month=dt.date(2026, 9, 1), mrr=1)

    assert frozen(large) == {"size": "large", "load": "high"}
    assert frozen(paying("99.99", usage="3.9", seats="2")) == {"size": "small", "load": "low"}
    assert frozen(paying("0", usage="3", seats="0")) == {"size": "none", "load": ""}
    assert frozen(paying(None, usage="3")) == {"size": "none", "load": ""}


def test_without_a_month_that_is_over_the_mrr_is_not_known() -> None:
    assert frozen(paying("100", month=NOVEMBER)) == {"size": "", "load": ""}


def test_an_import_of_answers_freezes_what_is_known_on_its_day(tmp_path: Path) -> None:
    customer = paying("100", month=dt.date(2026, 1, 1), usage="4", seats="2")
    rows = [
        ["email", "score", "answered_at", "customer_id"],
        ["a@x.example", 9, "2025-06-03T10:15:00+09:00", customer.customer_id],
    ]
    Files(tmp_path).bring_in(FileKind.RESPONSES, rows)

    invitation = Invitation.objects.get()
    assert invitation.profile.values == {"size": "large", "load": "high"}
    assert invitation.attributes[MRR] == "100.00"


@pytest.mark.parametrize(
    ("audience", "asked"),
    [
        ({"size": ["large"]}, [0]),
        ({"size": ["none"]}, [2, 3]),
        ({"load": ["high"]}, [0, 2]),
        ({"load": [""]}, [3]),
        ({"size": ["small", "large"], "load": ["low"]}, [1]),
    ],
)
def test_an_audience_is_chosen_by_the_same_values(
    audience: dict[str, list[str]], asked: list[int]
) -> None:
    customers = [
        paying("100", usage="4", seats="2"),
        paying("99.99", usage="3.9", seats="2"),
        paying("0", usage="3", seats="1"),
        paying(None, usage="3", seats="0"),
    ]
    people = [make_respondent(customer=each) for each in customers]
    campaign = make_campaign(audience=audience, state=CampaignState.DRAFT)

    found = [
        each.facts.respondent_id
        for batch in planning.decisions(campaign, now=NOW)
        for each in batch
        if each.decision.reason == "asked"
    ]
    assert found == [people[place].pk for place in asked]


def test_customers_of_a_report_stand_where_they_stood_at_its_start() -> None:
    grown = paying("50", month=dt.date(2026, 3, 1), usage="100", seats="1")
    MonthlyRevenue.objects.create(customer=grown, month=dt.date(2026, 6, 1), mrr=500)
    for day, usage in ((dt.date(2025, 1, 1), "1"), (dt.date(2026, 5, 1), "100")):
        CustomerVersion.objects.create(
            customer=grown, known_from=day, attributes={"usage": usage, "seats": "1"}
        )
    april_to_june = Period(dt.date(2026, 4, 1), dt.date(2026, 7, 1))

    def stands(period: Period) -> list[tuple[dict[str, str], int, float]]:
        report = segment_report(Filters(period, by=("size", "load")))
        return [(dict(row.segment), row.customers_at_start, row.mrr_start) for row in report.rows]

    assert stands(april_to_june) == [({"size": "small", "load": "low"}, 1, 50.0)]
    july = Period(dt.date(2026, 7, 1), dt.date(2026, 8, 1))
    assert stands(july) == [({"size": "large", "load": "high"}, 1, 500.0)]
    # Before anything was known: the earliest.
    early = Period(dt.date(2025, 2, 1), dt.date(2025, 3, 1))
    assert stands(early)[0][0] == {"size": "small", "load": "low"}


def test_the_lists_and_pages_show_and_filter_by_the_same_values() -> None:
    large = paying("100", month=dt.date(2026, 1, 1), usage="4", seats="2")
    small = paying("50", month=dt.date(2026, 1, 1), usage="1", seats="0")
    respondent = make_respondent(customer=large)
    client = client_as("cs")

    def listed(query: str) -> list[str]:
        rows = client.get(f"/customers/{query}").context["rows"]
        return [row.customer.customer_id for row in rows]

    assert listed("?segment-size=large") == [large.customer_id]
    assert listed("?segment-load=—") == [small.customer_id]
    shown = [("Load", "high"), ("Size", "large")]
    assert client.get(f"/customers/{large.pk}/").context["segments"] == shown
    assert client.get(f"/respondents/{respondent.pk}/").context["segments"] == shown


def test_erasing_keeps_what_segments_count_by() -> None:
    customer = paying("100", usage="4", seats="2", city="Kyoto")
    respondent = make_respondent(customer=customer)
    attributes = {"usage": "4", "seats": "2", "city": "Kyoto", "phone": "03-1", MRR: "100.00"}
    row = make_invitation(respondent, state="sent", sent_at=NOW, attributes=attributes)

    erase_person(respondent.person, by=make_staff("admin"), now=NOW)

    row.refresh_from_db()
    # The city is the company's, and a segment over it may come; the number was the person's.
    assert row.attributes == {"usage": "4", "seats": "2", "city": "Kyoto", MRR: "100.00"}
