from __future__ import annotations

import datetime as dt

import pytest

from accounts.domain.facts.known import event_fact
from accounts.models import Event, ImportedFact
from analytics.domain.periods import Period
from analytics.queries.facts.periods import KnownFacts, facts_of
from tests.analytics.world import make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

QUARTER = Period.from_inclusive(dt.date(2026, 4, 1), dt.date(2026, 6, 30))
TODAY = dt.date(2026, 11, 24)


def test_moments_are_those_of_the_organisation(settings: object) -> None:
    customer = make_customer()
    at = dt.datetime(2026, 6, 30, 12, tzinfo=dt.UTC)
    for kind in ("trained", "community"):
        Event.objects.create(customer=customer, kind=kind, at=at, known_from=at.date())

    found = facts_of(QUARTER, needed={event_fact("trained")}, today=TODAY)

    assert found.events["at"].dt.tz is None
    assert found.events["kind"].tolist() == ["trained"]
    assert found.dates.index.tolist() == [customer.pk]


def test_a_fact_is_known_where_files_told_of_nearly_all_days_that_have_come() -> None:
    def tell(fact: str, since: dt.date, until: dt.date) -> None:
        ImportedFact.objects.create(fact=fact, first_on=since, last_on=until)

    tell("churn", dt.date(2026, 1, 1), dt.date(2026, 5, 1))
    tell("seats", dt.date(2026, 4, 5), dt.date(2026, 6, 28))
    tell("renews_on", dt.date(2026, 9, 1), dt.date(2026, 9, 1))

    assert KnownFacts(QUARTER, today=TODAY).within() == {"seats", "renews_on"}
    assert "churn" in KnownFacts(QUARTER, today=dt.date(2026, 5, 3)).within()
    assert KnownFacts(QUARTER, today=dt.date(2026, 3, 1)).within() == set()


@pytest.mark.parametrize(("number", "is_known"), [(4, True), (40, False)])
def test_the_days_before_the_first_event_are_doubted_where_chance_hardly_leaves_them_empty(
    number: int, is_known: bool
) -> None:
    """A few trainings in June say nothing against none in May; forty do."""
    customer = make_customer()
    Event.objects.bulk_create(
        Event(
            customer=customer,
            kind="trained",
            at=dt.datetime(2026, 6, 1 + place % 30, 12, tzinfo=dt.UTC),
            ref=f"{place}",
            known_from=TODAY,
        )
        for place in range(number)
    )
    fact = event_fact("trained")
    ImportedFact.objects.create(fact=fact, first_on=TODAY, last_on=dt.date(2026, 6, 30))

    known = KnownFacts(QUARTER, today=TODAY)

    assert (fact in known.within()) is is_known
    assert fact in known.within(28)
    assert fact not in KnownFacts(QUARTER.previous(), today=TODAY).within()
