from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import Event, Respondent
from surveys.queries.campaigns.dates import dates_known, dates_of
from tests.world import DAY, NOW, make_customer, make_respondent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

DATE = dt.date(2027, 3, 1)


def test_dates_are_columns_and_attributes_of_customers_and_attributes_of_respondents() -> None:
    customer = make_customer(renews_on=DATE, attributes={"go_live": "2027-03-01", "plan": "gold"})
    mine = make_respondent(customer=customer, attributes={"trained_on": "2027-03-01"})
    other = make_respondent(attributes={"trained_on": "soon"})
    rows = [(each.pk, each.customer_id) for each in (mine, other)]

    for name in ("renews_on", "customer:go_live", "respondent:trained_on"):
        assert dates_of(name, rows, now=NOW) == {mine.pk: DATE}
    for name in ("started_on", "customer:plan", "customer:no", "password", ""):
        assert dates_of(name, rows, now=NOW) == {}
    assert dates_known() == {"customer:go_live": "go_live", "respondent:trained_on": "trained_on"}


def test_what_happened_last_counts_for_whom_it_happened_to_or_for_all_of_the_customer() -> None:
    customer = make_customer()
    had_it, colleague = (make_respondent(customer=customer) for _ in range(2))
    rows = [(each.pk, each.customer_id) for each in (had_it, colleague)]

    def happened(days: int, whom: Respondent | None = None) -> None:
        Event.objects.create(
            customer=customer, kind="ticket_resolved", at=NOW + days * DAY, respondent=whom,
            known_from=NOW.date(), mail_key=str(days),
        )  # fmt: skip

    happened(-3, had_it)
    happened(2, had_it)
    assert dates_of("ticket_resolved", rows, now=NOW) == {had_it.pk: (NOW - 3 * DAY).date()}
    happened(-9)
    assert dates_of("ticket_resolved", rows, now=NOW) == {
        had_it.pk: (NOW - 3 * DAY).date(),
        colleague.pk: (NOW - 9 * DAY).date(),
    }
