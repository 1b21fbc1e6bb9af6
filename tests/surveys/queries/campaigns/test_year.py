from __future__ import annotations

import pytest

from accounts.domain.contactability import SuppressionReason
from accounts.services.suppression import suppress
from surveys.domain.states import CampaignState
from surveys.queries.campaigns.year import Cell, year_ahead
from tests.world import (
    DAY,
    NOW,
    make_campaign,
    make_customer,
    make_invitation,
    make_respondent,
    send,
)

pytestmark = pytest.mark.django_db
NOTHING = Cell(0, 0, 0)


def test_the_year_tells_per_month_and_campaign_who_is_asked_capped_and_kept_for_others() -> None:
    customer = make_customer(renews_on=NOW.date() + 120 * DAY)
    person = make_respondent(customer=customer)
    send(person, now=NOW - 300 * DAY)
    send(person, now=NOW - 10 * DAY)
    stopped = make_respondent()
    suppress(stopped.person, SuppressionReason.OPTED_OUT, now=NOW)
    often = make_campaign(repeat="every", every_months=1, starts_at=NOW)
    paused = {"state": CampaignState.PAUSED, "repeat": "date", "date_name": "renews_on"}
    renewal = make_campaign(**paused, reserves_slot=True)
    once = make_campaign()
    make_invitation(make_respondent(email=""), once, send_at=NOW + 40 * DAY)

    year = year_ahead(now=NOW)

    assert [day.isoformat() for day in year.months][::11] == ["2026-11-01", "2027-10-01"]
    assert [row.campaign for row in year.rows] == [often, renewal, once]
    cells = [[each for each in row.cells if each != NOTHING] for row in year.rows]
    assert cells[1:] == [[Cell(1, 0, 0)], [Cell(1, 0, 0)]]
    # Every month: some of them meet both sends, some the slot that is kept.
    assert sum(each.capped for each in cells[0]) >= 1
    assert sum(each.reserved for each in cells[0]) >= 1
    assert year.by_month[4].rows[1] == (renewal, Cell(1, 0, 0))
    assert year.left[0] == 0


def test_a_draft_is_told_of_beside_those_under_way_and_not_without_being_asked() -> None:
    make_respondent()
    draft = make_campaign(state=CampaignState.DRAFT, repeat="every", every_months=6, starts_at=None)

    nothing = year_ahead(now=NOW)
    assert nothing.rows == []
    # Whose surveys would be left is not known without a campaign that goes on.
    assert set(nothing.left) == {None}
    [row] = year_ahead(now=NOW, beside=draft).rows
    assert row.campaign == draft
    # A place in the first half year, and mostly one in the second.
    assert sum(cell.asked for cell in row.cells) in (1, 2)


@pytest.mark.both_databases
def test_of_many_people_one_in_so_many_stands_for_the_others(monkeypatch) -> None:
    monkeypatch.setattr("surveys.queries.campaigns.year.SAMPLE", 4)
    for _ in range(12):
        make_respondent()
    campaign = make_campaign(repeat="every", every_months=6, starts_at=NOW)
    make_invitation(make_respondent(email=""), make_campaign(), send_at=NOW + 40 * DAY)

    year = year_ahead(now=NOW)

    assert year.one_in == 4
    asked = sum(cell.asked for cell in year.rows[0].cells)
    assert (year.rows[0].campaign, asked % 4) == (campaign, 0)
    assert 12 <= asked <= 24 + 8
    # What waits is counted.
    assert sum(cell.asked for cell in year.rows[1].cells) == 1
