from __future__ import annotations

import pandas as pd

from analytics.domain.metrics.times import duration_of, first_response_hours, onboarding_days
from tests.analytics.domain.metrics.test_shares import facts


def of_one_each(time: list[int], closed: list[bool]) -> pd.DataFrame:
    """Each of a customer of its own."""
    return pd.DataFrame({"customer": range(len(time)), "time": time, "closed": closed})


def test_the_wait_for_a_reply_is_censored_where_there_is_none_yet() -> None:
    found = first_response_hours(
        facts(
            {1: ("2025-01-01", None)},
            events=[
                (1, "ticket_opened", "2026-04-01 10:00", "a"),
                (1, "ticket_replied", "2026-04-01 12:30", "a"),
                (1, "ticket_replied", "2026-04-02 12:30", "a"),
                (1, "ticket_opened", "2026-06-30 22:00", "b"),
                (1, "ticket_replied", "2026-07-01 22:00", "b"),
                (1, "ticket_opened", "2026-03-31 10:00", "before"),
            ],
        )
    )

    assert found[["time", "closed"]].values.tolist() == [[2.5, True], [2.0, False]]


def test_onboarding_ends_with_completion_or_stays_open_until_leaving_or_the_end() -> None:
    found = onboarding_days(
        facts(
            {
                1: ("2026-04-01", None),
                2: ("2026-04-01", "2026-04-11"),
                3: ("2026-06-20", None),
                4: ("2026-03-31", None),
            },
            events=[
                (1, "onboarding_completed", "2026-04-21 15:00", ""),
                (2, "onboarding_completed", "2026-05-01", ""),
                (4, "onboarding_completed", "2026-05-01", ""),
            ],
        )
    )

    assert dict(zip(found["customer"], found["time"], strict=True)) == {1: 20, 2: 10, 3: 10}
    assert found["closed"].tolist() == [True, False, False]


def test_the_median_and_its_limits_are_those_of_r_survival() -> None:
    """Freireich's 6-MP arm: median 23, lower limit 13, no upper one (R, conf.type log-log)."""
    ended = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    going = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]

    found = duration_of(of_one_each(ended + going, [True] * len(ended) + [False] * len(going)))

    assert found == (23, 13, None)


def test_waits_of_one_customer_are_alike_and_tell_less() -> None:
    waits = of_one_each(list(range(1, 41)), [True] * 40)
    low, high = duration_of(waits)[1:]
    five_each = duration_of(waits.assign(customer=(waits["time"] - 1) // 5))

    assert low is not None
    assert high is not None
    assert five_each.value == 20
    assert five_each.low is not None
    assert five_each.low < low
    assert five_each.high is not None
    assert five_each.high > high
    assert duration_of(waits.assign(customer=1)) == (20, None, None)


def test_nobody_waited_has_no_median() -> None:
    assert duration_of(of_one_each([], [])) == (None, None, None)


def test_a_ticket_without_a_reference_is_left_out() -> None:
    opened = (1, "ticket_opened", "2026-04-01 10:00", "")
    replied = (1, "ticket_replied", "2026-04-01 11:00", "")

    found = first_response_hours(facts({1: ("2025-01-01", None)}, events=[opened, replied]))

    assert found.empty


def test_nine_tenths_of_the_replies_came_within_the_ninetieth_percentile() -> None:
    waits = of_one_each(list(range(1, 11)), [True] * 10)

    assert duration_of(waits, share=0.9).value == 9
    # The last two are still waiting: the curve does not come down to a tenth.
    waits["closed"] = [True] * 8 + [False] * 2
    assert duration_of(waits, share=0.9).value is None
    assert duration_of(waits).value == 5
