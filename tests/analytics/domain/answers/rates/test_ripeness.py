from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray
from statsmodels.duration.survfunc import SurvfuncRight

from analytics.domain.answers.rates.ripeness import (
    RIPE_DAYS,
    Sent,
    answered_within,
    change_at_equal_age,
    unripe_part,
)
from analytics.domain.answers.samples import grouped_answers
from analytics.domain.periods import Period
from analytics.domain.statistics.proportions import Share, change_of_rate
from analytics.domain.statistics.shares import share_of

TODAY = date(2026, 6, 30)
YEAR = Period(date(2025, 7, 1), date(2026, 7, 1))


def sent(*mails: tuple[float | None, int]) -> Sent:
    """(days to the answer or None, whole days known) of each."""
    delays = [np.inf if delay is None else delay for delay, _ in mails]
    known = np.array([known for _, known in mails])
    return Sent(np.array(delays, dtype=float), known, np.zeros(len(known), dtype=np.int64))


def drawn(rng: np.random.Generator, *, number: int, ages: tuple[int, int], rate: float) -> Sent:
    """A share `rate` of all e-mails is answered in the end, most of them in the first days."""
    delays = np.floor(rng.exponential(4.0, number))
    delays[rng.random(number) >= rate] = np.inf
    return Sent(delays, rng.integers(*ages, number), np.zeros(number, dtype=np.int64))


def of_customers(
    rng: np.random.Generator, rates: NDArray[np.float64], *, mails: int, ages: tuple[int, int]
) -> Sent:
    """As many e-mails to each customer, whose respondents answer at its own rate."""
    number = len(rates) * mails
    delays = np.floor(rng.exponential(4.0, number))
    delays[rng.random(number) >= np.repeat(rates, mails)] = np.inf
    customers = np.repeat(np.arange(1, len(rates) + 1), mails)
    return Sent(delays, rng.integers(*ages, number), customers)


def rates_of(rng: np.random.Generator, customers: int, *, mean: float) -> NDArray[np.float64]:
    """Beta, with an intra-customer correlation of 0.2."""
    return rng.beta(4 * mean, 4 * (1 - mean), customers)


def test_the_period_is_cut_where_the_youngest_ripe_mail_was_sent() -> None:
    cut = TODAY - timedelta(days=RIPE_DAYS - 1)

    assert unripe_part(YEAR, today=TODAY) == Period(cut, date(2026, 7, 1))
    assert unripe_part(YEAR, today=date(2027, 6, 30)) is None
    # Nothing of the days to come was sent.
    assert unripe_part(Period(cut, date(2026, 9, 1)), today=TODAY) == Period(cut, date(2026, 7, 1))
    assert unripe_part(Period(date(2026, 7, 1), date(2026, 9, 1)), today=TODAY) is None


def test_the_share_at_an_age_is_that_of_kaplan_meier() -> None:
    rng = np.random.default_rng(1)
    mails = drawn(rng, number=400, ages=(0, 60), rate=0.5)
    chosen = mails.known_days >= 1
    last, delays = mails.known_days[chosen] - 1, mails.delays[chosen]
    oracle = SurvfuncRight(np.minimum(delays, last), (delays <= last).astype(int))

    for age in (1, 2, 7, RIPE_DAYS):
        place = np.searchsorted(oracle.surv_times, age - 1, side="right") - 1
        found = answered_within(mails, days=age)
        rate = 1 - oracle.surv_prob[place]
        assert found is not None
        assert found.share.rate == pytest.approx(rate, rel=1e-9)
        error = oracle.surv_prob_se[place]
        assert rate * (1 - rate) / found.share.number == pytest.approx(error**2, rel=1e-9)


def test_where_all_had_their_time_it_is_the_plain_rate() -> None:
    found = answered_within(sent(*[(3, 90)] * 12, *[(None, 90)] * 28), days=RIPE_DAYS)

    assert found is not None
    assert (found.share.rate, found.share.number) == pytest.approx((0.3, 40))
    nobody = answered_within(sent(*[(None, 90)] * 28, (None, 3)), days=RIPE_DAYS)
    assert nobody is not None
    assert (nobody.share.rate, nobody.share.number) == (0, 28)
    everybody = answered_within(sent(*[(1, 90)] * 28), days=RIPE_DAYS)
    assert everybody is not None
    assert (everybody.share.rate, everybody.share.number) == (1, 28)


def test_what_is_known_of_no_whole_day_is_not_compared() -> None:
    fresh, earlier = sent(*[(0, 0)] * 30, *[(None, 0)] * 570), sent(*[(2, 400)] * 300)

    assert change_at_equal_age(fresh, compared=earlier) is None
    # Nine are not enough, and nor are a hundred of very many.
    few = sent(*[(None, 60)] * 9, *[(None, 0)] * 5)
    assert change_at_equal_age(few, compared=earlier) is None
    part = sent(*[(None, 60)] * 100, *[(None, 0)] * 500)
    assert change_at_equal_age(part, compared=earlier) is None


def test_both_years_are_counted_at_the_age_that_is_known_of_the_younger() -> None:
    now = sent(*[(0, 3)] * 40, *[(1, 3)] * 20, *[(None, 3)] * 140)
    before = sent(*[(0, 400)] * 40, *[(1, 400)] * 20, *[(9, 400)] * 60, *[(None, 400)] * 80)

    found = change_at_equal_age(now, compared=before)

    assert found is not None
    assert found.age == 3
    assert found.change.difference == pytest.approx(0, abs=1e-12)
    # The plain rates would have said that it fell by half.
    plain = change_of_rate(Share(60, 200), compared=Share(120, 200))
    assert plain is not None
    assert plain.p_value < 0.001


def test_an_answer_later_than_what_is_known_of_the_mail_has_not_come_yet() -> None:
    share = answered_within(sent(*[(5, 5)] * 20, *[(None, 40)] * 20), days=5)

    assert share is not None
    assert share.share.rate == 0


def test_the_influences_are_what_a_little_more_weight_of_an_e_mail_changes() -> None:
    """Of each customer, by leaving one out: the infinitesimal jackknife is nearly the jackknife."""
    rng = np.random.default_rng(5)
    mails = of_customers(rng, rates_of(rng, 200, mean=0.4), mails=4, ages=(1, 20))
    whole = answered_within(mails, days=10)
    assert whole is not None

    for customer in (1, 50, 200):
        others = mails.customers != customer
        less = Sent(mails.delays[others], mails.known_days[others], mails.customers[others])
        without = answered_within(less, days=10)
        assert without is not None
        [place] = np.flatnonzero(whole.customers == customer)
        change = whole.share.rate - without.share.rate
        assert whole.influences[place] == pytest.approx(change, abs=3e-5)


def test_without_censoring_it_is_the_share_of_clustered_answers() -> None:
    rng = np.random.default_rng(6)
    mails = of_customers(rng, rates_of(rng, 40, mean=0.4), mails=6, ages=(90, 91))
    answered = (mails.delays < RIPE_DAYS).astype(np.int64)
    columns = {"passives": 1 - answered, "promoters": answered}
    nowhere = np.zeros_like(answered)
    [sample] = grouped_answers(nowhere, mails.customers, columns, size=1).samples()

    found, expected = answered_within(mails, days=RIPE_DAYS), share_of(sample)

    assert found is not None
    assert expected is not None
    assert found.share.rate == pytest.approx(expected.rate)
    # The variance of a sample is taken by n - 1 there.
    assert found.share.number == pytest.approx(expected.number, rel=0.01)


def test_of_one_customer_nothing_can_be_told() -> None:
    mails = Sent(np.zeros(30), np.full(30, 90), np.ones(30, dtype=np.int64))

    assert answered_within(mails, days=RIPE_DAYS) is None


@pytest.mark.parametrize("same", [True, False])
def test_customers_whose_respondents_answer_alike_are_no_false_alarm(same: bool) -> None:
    """The truth is no change: 95 % of the intervals hold it, and 5 % of the tests are alarms."""
    rng = np.random.default_rng(11)
    held, alarms, draws = 0, 0, 600
    for _ in range(draws):
        rates = rates_of(rng, 60, mean=0.4)
        other = rates if same else rates_of(rng, 60, mean=0.4)
        now = of_customers(rng, rates, mails=6, ages=(0, 45))
        before = of_customers(rng, other, mails=6, ages=(300, 700))
        if not same:
            before.customers[:] += 60
        found = change_at_equal_age(now, compared=before)
        assert found is not None
        held += found.change.low <= 0 <= found.change.high
        alarms += found.change.p_value < 0.05

    assert 0.93 <= held / draws <= 0.975
    assert 0.02 <= alarms / draws <= 0.07


def test_false_alarms_are_as_rare_as_they_say() -> None:
    """E-mails of all ages against those of last year, the same in truth: 5 % and no more."""
    rng = np.random.default_rng(7)
    alarms, draws = 0, 400
    for _ in range(draws):
        now = drawn(rng, number=300, ages=(0, 45), rate=0.4)
        before = drawn(rng, number=300, ages=(300, 700), rate=0.4)
        found = change_at_equal_age(now, compared=before)
        assert found is not None
        alarms += found.change.p_value < 0.05

    assert 0.02 <= alarms / draws <= 0.08


def test_a_real_fall_is_seen_before_all_have_had_their_time() -> None:
    rng = np.random.default_rng(3)
    now = drawn(rng, number=600, ages=(5, 6), rate=0.2)
    found = change_at_equal_age(now, compared=drawn(rng, number=600, ages=(300, 700), rate=0.5))

    assert found is not None
    assert found.age == 5
    assert found.change.high < 0
    assert found.change.p_value < 0.001
