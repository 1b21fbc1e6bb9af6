from __future__ import annotations

import datetime as dt

import pytest

from analytics.counting.feedback import answered_in, any_answer_until
from analytics.domain.periods import Period
from tests.analytics.world import answer, ask, make_campaign, make_customer, make_respondent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

QUARTER = Period.from_inclusive(dt.date(2026, 4, 1), dt.date(2026, 6, 30))


def test_who_answered_in_the_period_and_who_wrote_something() -> None:
    campaign = make_campaign()
    silent, wordy, suspect, late = (make_customer() for _ in range(4))
    answer(ask(make_respondent(silent), campaign), 9)
    answer(ask(make_respondent(wordy), campaign), 3, comment="Slow")
    answer(ask(make_respondent(suspect), campaign), 3, comment="Bot", suspect=True)
    answer(ask(make_respondent(late), campaign), 3, at="2026-07-01T12:00+00:00", comment="Late")

    answered, commented = answered_in(QUARTER, campaign=None, language="")

    assert {silent.pk, wordy.pk} == set(answered)
    assert {wordy.pk} == set(commented)
    assert any_answer_until(QUARTER)
    assert not any_answer_until(QUARTER.previous())
