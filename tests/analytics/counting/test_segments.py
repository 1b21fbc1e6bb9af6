"""The second view of the segment report: the segments of now, labelled as such."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from dataclasses import asdict, replace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.domain.segments import MRR
from accounts.models import Customer, CustomerVersion, MonthlyRevenue, Respondent
from accounts.services.segments import current_attributes, profile_ids
from analytics.counting.cells import folding
from analytics.domain.periods import Period
from analytics.queries.filters import Compare, Filters
from analytics.reports.answers.intents import intent_report
from analytics.reports.answers.languages import language_report
from analytics.reports.answers.segments import segment_report
from surveys.models import Intent, Invitation
from tests.analytics import world
from tests.staffing import client_as

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

APRIL = Period(dt.date(2026, 4, 1), dt.date(2026, 5, 1))
TODAY = dt.date(2026, 6, 15)
BANDS = {"thresholds": ["10", "100"], "labels": ["small", "middle", "large"]}
PAGE = "/analytics/segments/?from=2026-04-01&to=2026-04-30&by=plan"


def counted(by: str, *, as_of: dt.date | None = TODAY, **fields: Any) -> dict[str, int]:
    report = segment_report(Filters(APRIL, by=(by,), as_of=as_of, **fields))
    return {row.segment[by]: row.responses for row in report.rows}


def upgraded_customer() -> Customer:
    """Asked and answering as silver, gold since."""
    customer = world.make_customer(plan="silver", started_on=dt.date(2025, 1, 1))
    world.make_version(customer, "2025-01-01", plan="silver")
    world.give_scores(customer, world.make_campaign(), 9, 3)
    world.make_version(customer, "2026-05-02", plan="gold")
    Customer.objects.filter(pk=customer.pk).update(attributes={"plan": "gold"})
    return customer


def test_answers_and_customers_stand_in_the_segments_of_now() -> None:
    world.make_dimension("plan")
    upgraded_customer()

    frozen = segment_report(Filters(APRIL, by=("plan",)))
    now = segment_report(Filters(APRIL, by=("plan",), as_of=TODAY))

    assert [row.segment["plan"] for row in frozen.rows] == ["silver"]
    assert [row.segment["plan"] for row in now.rows] == ["gold"]
    # The same answers and customers, and so the same figures in every column.
    assert replace(now.rows[0], segment={}) == replace(frozen.rows[0], segment={})
    assert now.total == frozen.total
    assert (now.rows[0].invited, now.rows[0].customers_at_start) == (2, 1)


def test_attributes_of_respondents_are_those_of_now() -> None:
    world.make_dimension("role", source="respondent")
    world.give_scores(world.make_customer(), world.make_campaign(), 9, role="Buyer")
    Respondent.objects.update(role="Boss")

    assert counted("role", as_of=None) == {"Buyer": 1}
    assert counted("role") == {"Boss": 1}


def test_mrr_is_that_of_the_last_month_end_before_today() -> None:
    world.make_dimension("size", attribute=MRR, bands=BANDS)
    customer = world.make_customer(
        mrr={"2026-03": 5, "2026-05": 500, "2026-06": 50}, started_on=dt.date(2025, 1, 1)
    )
    world.give_scores(customer, world.make_campaign(), 9)
    paying_nothing = world.make_customer()
    world.give_scores(paying_nothing, world.make_campaign(), 9)

    assert counted("size", as_of=None) == {"small": 2}
    assert counted("size") == {"large": 1, "small": 1}
    assert counted("size", as_of=dt.date(2026, 7, 1)) == {"middle": 1, "small": 1}
    now = segment_report(Filters(APRIL, by=("size",), as_of=TODAY))
    assert {row.segment["size"]: row.mrr_start for row in now.rows} == {"small": 0, "large": 5}


def test_a_ratio_mixes_own_and_customer_attributes_as_freezing_does() -> None:
    world.make_dimension("load", attribute="usage", divisor="seats", bands=BANDS)
    customer = world.make_customer(usage="100", seats="1")
    world.give_scores(customer, world.make_campaign(), 9)
    world.give_scores(customer, world.make_campaign(), 9, attributes={"seats": "5"})
    world.give_scores(customer, world.make_campaign(), 9, attributes={"seats": "0"})

    assert counted("load") == counted("load", as_of=None) == {"middle": 1, "large": 1, "": 1}


def test_filters_and_languages_go_by_now_too() -> None:
    world.make_dimension("plan")
    upgraded_customer()
    gold = Filters(APRIL, by=("plan",), where={"plan": ["gold"]})
    invitation = world.ask(world.make_respondent(Customer.objects.get()), world.make_campaign())
    Intent.objects.create(
        invitation=invitation, score=9, at=dt.datetime(2026, 4, 12, tzinfo=dt.UTC)
    )
    Invitation.objects.filter(pk=invitation.pk).update(
        profile=Invitation.objects.first().profile_id
    )

    for filters, expected in ((gold, 0), (replace(gold, as_of=TODAY), 2)):
        report = segment_report(filters)
        english = next(row for row in language_report(filters).rows if row.language == "en")
        assert (report.total.responses, english.counts.responses) == (expected, expected)
        assert intent_report(filters, total=report.total).intents == (1 if expected else 0)


PLANS = st.sampled_from(["gold", "silver", ""])


class NowIsFreezingToday(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(
        people=st.lists(
            st.tuples(PLANS, PLANS, PLANS, st.integers(0, 10), st.integers(0, 900), st.booleans()),
            max_size=8,
        ),
        where=st.sampled_from([{}, {"plan": ["gold", ""]}, {"size": ["small"]}]),
    )
    def test_the_view_of_now_is_the_report_after_freezing_everybody_today(
        self, people: list[tuple[str, str, str, int, int, bool]], where: dict[str, list[str]]
    ) -> None:
        world.make_dimension("plan")
        world.make_dimension("size", attribute=MRR, bands=BANDS)
        campaign = world.make_campaign()
        for before, now, own, score, mrr, known in people:
            customer = world.make_customer(plan=before, mrr={"2026-03": 1}) if known else None
            mine = {"attributes": {"plan": own} if own else {}}
            world.give_scores(customer, campaign, score, **mine)
            world.ask(world.make_respondent(customer, **mine), campaign)
            if customer:
                Customer.objects.filter(pk=customer.pk).update(attributes={"plan": now})
                MonthlyRevenue.objects.create(customer=customer, month=dt.date(2026, 5, 1), mrr=mrr)
        filters = Filters(APRIL, by=("plan", "size"), where=where, compare=Compare.PREVIOUS)
        now_view = segment_report(replace(filters, as_of=TODAY))

        for invitation in Invitation.objects.select_related("respondent__customer"):
            values = current_attributes([invitation.respondent], day=TODAY)
            invitation.profile_id = profile_ids(values)[0]
            invitation.save()
        folding.rebuild()
        CustomerVersion.objects.all().delete()
        MonthlyRevenue.objects.filter(month=dt.date(2026, 3, 1)).update(mrr=0)
        refrozen = segment_report(filters)
        assert answers_of(now_view) == answers_of(refrozen)


def answers_of(report):
    columns = ("invited", "responses", "response_rate", "promoters", "nps_low", "change_p_value")
    rows = (asdict(row) for row in (*report.rows, report.total))
    found = [(row["segment"], *(row[name] for name in columns)) for row in rows]
    # Who is a customer is counted by other days in the two views.
    return [row for row in found if row[1] or row[2]]


def test_the_view_is_labelled_and_one_link_away() -> None:
    world.make_dimension("plan")
    upgraded_customer()
    admin = client_as("admin")

    page = admin.get(PAGE)
    assert page.context["report"].filters.as_of is None
    assert "as_of=now" in page.content.decode()
    now = admin.get(f"{PAGE}&as_of=now")
    assert "Segments as of now" in now.content.decode()
    assert [row.segment["plan"] for row in now.context["rows"]] == ["gold"]

    told = admin.get(f"{PAGE}&as_of=now&format=json")
    today = json.loads(told.content)["segments_as_of"]
    assert dt.date.fromisoformat(today)
    assert f"-as-of-{today}.json" in told["Content-Disposition"]
    assert "segments_as_of" not in json.loads(admin.get(f"{PAGE}&format=json").content)
    text = admin.get(f"{PAGE}&as_of=now&format=csv").content.decode("utf-8-sig")
    assert [row["segments_as_of"] for row in csv.DictReader(io.StringIO(text))] == [today]
    assert "segments_as_of" not in admin.get(f"{PAGE}&format=csv").content.decode()


def test_the_command_has_it_too(capsys) -> None:
    world.make_dimension("plan")
    upgraded_customer()
    asked = {"by": "plan", "from_day": "2026-04-01", "to_day": "2026-04-30"}

    call_command("report_segments", as_of="now", **asked)
    report = json.loads(capsys.readouterr().out)
    assert [row["segment"] for row in report["rows"]] == [{"plan": "gold"}]
    assert report["segments_as_of"]
    with pytest.raises(CommandError, match="--as-of: 'then' is not known; write one of now"):
        call_command("report_segments", as_of="then", **asked)
