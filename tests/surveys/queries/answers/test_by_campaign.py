from __future__ import annotations

import pytest

from analytics.counting.cells.folding import fold_all
from surveys.models import Response
from surveys.queries.answers.by_campaign import answered_by, with_counts
from surveys.queries.campaigns.listing import campaigns_found
from tests.world import DAY, NOW, answer, make_campaign, make_invitation, make_respondent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_an_answer_counts_before_it_is_folded_and_once_after() -> None:
    campaign, other = make_campaign(), make_campaign()
    rows = [make_invitation(make_respondent(), campaign, state="sent") for _ in range(3)]
    make_invitation(make_respondent(), campaign, state="queued")
    for number, row in enumerate(rows[:2]):
        answer(row, 9, at=NOW + number * DAY)

    def told() -> tuple[object, ...]:
        mine, theirs = with_counts([campaign, other])
        assert (theirs.answered, theirs.last_answered_on) == (0, None)  # type: ignore[attr-defined]
        names = ("planned", "asked", "answered", "last_answered_on", "response_rate")
        return tuple(getattr(mine, name) for name in names)

    before = told()
    assert before == (4, 3, 2, (NOW + DAY).date(), 2 / 3)
    fold_all()
    assert told() == before

    changed = Response.objects.get(invitation=rows[0])
    answer(changed.invitation, 3, at=NOW + 2 * DAY)
    assert told() == before
    assert set(answered_by([other.pk])) == set()


def test_in_the_order_of_a_count_what_is_not_known_comes_last_both_ways() -> None:
    silent, asked, answered = (make_campaign() for _ in range(3))
    make_invitation(make_respondent(), asked, state="sent")
    answer(make_invitation(make_respondent(), answered, state="sent"), 9)

    def found(sort: str) -> list[object]:
        return list(campaigns_found(text="", state="", sort=sort))

    assert found("-rate") == [answered, asked, silent]
    assert found("rate") == [asked, answered, silent]
    assert found("last") == [answered, asked, silent]
    assert found("asked")[0] == silent
