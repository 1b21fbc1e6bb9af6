from __future__ import annotations

import pytest

from surveys.domain.states import CampaignState
from surveys.queries import everything
from surveys.queries.everything import find_answers, find_campaigns, find_customers, find_people
from tests.surveys.helpers.answered import answer
from tests.world import DAY, NOW, make_campaign, make_customer, make_respondent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TODAY = NOW.date()


def test_who_is_called_exactly_so_comes_first_then_who_begins_so() -> None:
    names = ["New Acme", "Acme Foods", "acme", "Other"]
    for name in names:
        make_customer(name=name)

    found = find_customers("ACME", at_most=5, today=TODAY, count=False)

    assert [each.name for each in found.rows] == ["acme", "Acme Foods", "New Acme"]
    assert found.total == 3


def test_what_is_more_than_asked_for_is_counted_or_told_of() -> None:
    for number in range(3):
        make_customer(name=f"Acme {number}")

    typing = find_customers("acme", at_most=2, today=TODAY, count=False)
    page = find_customers("acme", at_most=2, today=TODAY, count=True)

    assert (len(typing.rows), typing.total) == (2, None)
    assert (len(page.rows), page.total) == (2, 3)


def test_people_by_name_in_either_kana_and_by_address() -> None:
    by_name = make_respondent(name="サトウ アヤ", email="a@example.com")
    by_address = make_respondent(name="Bo", email="sato@example.com")

    assert find_people("さとう", at_most=5, count=True).rows == [by_name]
    assert find_people("SATO@", at_most=5, count=True).rows == [by_address]


def test_campaigns_that_ask_by_name() -> None:
    wanted = make_campaign(name="Winter survey")
    make_campaign(name="Winter import", state=CampaignState.IMPORTED)

    assert find_campaigns("winter", at_most=5, count=True).rows == [wanted]


def test_the_newest_answers_by_the_words_of_their_comments(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old = answer(3, "the bill is late", at=NOW - 9 * DAY, name="A")
    new = answer(2, "late bill", at=NOW, name="B")
    answer(9, "late", at=NOW, name="bill")
    answer(1, "bill, late", at=NOW, name="C", suspect=True)

    def found() -> list[object]:
        return list(find_answers("bill late", at_most=5, count=True).rows)

    assert found() == [new, old]
    monkeypatch.setattr(everything, "NEWEST", 3)
    assert found() == [new, old]
    monkeypatch.setattr(everything, "NEWEST", 2)
    assert found() == [new]
