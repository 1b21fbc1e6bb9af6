from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from analytics.domain.metrics.facts import Choices, Facts, Use
from analytics.domain.metrics.shares import (
    SHARES,
    comments,
    education,
    engagement,
    feedback,
    onboarding_completion,
    renewal,
    repurchase,
    resolution,
    sample_of,
    self_directed,
    shared_by,
)
from analytics.domain.periods import Period

TODAY = dt.date(2026, 11, 24)
QUARTER = Period.from_inclusive(dt.date(2026, 4, 1), dt.date(2026, 6, 30))


def facts(
    dates: dict[int, tuple[str, str | None]],
    *,
    events: list[tuple[int, str, str, str]] = (),  # type: ignore[assignment]
    renewals: list[tuple[int, str]] = (),  # type: ignore[assignment]
    today: dt.date = TODAY,
) -> Facts:
    started = {pk: pd.Timestamp(each[0]) for pk, each in dates.items()}
    gone = {pk: pd.Timestamp(each[1]) if each[1] else pd.NaT for pk, each in dates.items()}
    rows = pd.DataFrame(events, columns=["customer", "kind", "at", "ref"])
    rows["at"] = pd.to_datetime(rows["at"], format="ISO8601")
    dated = pd.DataFrame(renewals, columns=["customer", "renews_on"])
    dated["renews_on"] = pd.to_datetime(dated["renews_on"])
    table = pd.DataFrame(
        {
            "started_on": pd.Series(started, dtype="datetime64[s]"),
            "churned_on": pd.Series(gone, dtype="datetime64[s]"),
        }
    )
    return Facts(QUARTER, today, table, rows.sort_values("at"), dated)


def hits(units: pd.DataFrame) -> dict[int, bool]:
    return dict(zip(units["customer"].tolist(), units["hit"].tolist(), strict=True))


def test_who_is_still_in_the_window_of_onboarding_is_in_neither_and_who_left_is_not_complete() -> (
    None
):
    found = onboarding_completion(
        facts(
            {
                1: ("2026-01-31", None),  # the window ends on 1 May
                2: ("2026-01-31", "2026-03-01"),
                3: ("2026-01-31", None),
                4: ("2026-06-01", None),  # still inside
                5: ("2025-12-01", None),  # ended before
            },
            events=[
                (1, "onboarding_completed", "2026-05-01 23:00", ""),
                (2, "onboarding_completed", "2026-03-05", ""),
                (3, "onboarding_completed", "2026-05-02", ""),
                (4, "onboarding_completed", "2026-06-02", ""),
            ],
        )
    )

    assert hits(found) == {1: True, 2: False, 3: False}


def test_a_window_that_ends_after_today_is_in_neither() -> None:
    found = onboarding_completion(facts({1: ("2026-03-20", None)}, today=dt.date(2026, 6, 1)))

    assert found.empty


def test_a_renewal_is_judged_on_its_thirtieth_day_after() -> None:
    found = renewal(
        facts(
            {
                1: ("2025-01-01", None),
                2: ("2025-01-01", "2026-05-01"),
                3: ("2025-01-01", None),
                4: ("2025-01-01", "2026-05-02"),
            },
            renewals=[(1, "2026-03-02"), (2, "2026-04-01"), (3, "2026-06-01"), (4, "2026-04-01")],
        )
    )

    # The 30th day after 2 March is 1 April, that after 1 April is 1 May, after 1 June 1 July.
    assert hits(found) == {1: True, 2: False, 4: True}


def test_a_repurchase_takes_two_purchases_or_renewals_until_the_end_of_the_period() -> None:
    found = repurchase(
        facts(
            {1: ("2025-01-01", None), 2: ("2025-01-01", None), 3: ("2025-01-01", None)},
            events=[
                (1, "purchased", "2025-02-01", ""),
                (1, "renewed", "2026-06-30 23:59", ""),
                (2, "purchased", "2025-02-01", ""),
                (2, "renewed", "2026-07-01 00:00", ""),
                (3, "trained", "2026-05-01", ""),
            ],
        )
    )

    assert hits(found) == {1: True, 2: False}


def test_a_training_counts_for_365_days_and_only_of_customers_at_start() -> None:
    found = education(
        facts(
            {
                1: ("2025-01-01", None),
                2: ("2025-01-01", None),
                3: ("2026-04-01", None),
                4: ("2025-01-01", "2026-03-31"),
                5: ("2025-01-01", "2026-04-01"),
            },
            events=[
                (1, "trained", "2025-07-01 00:00", ""),
                (2, "trained", "2025-06-30 23:00", ""),
                (3, "trained", "2026-05-01", ""),
            ],
        )
    )

    assert hits(found) == {1: True, 2: False, 5: False}


def test_a_ticket_is_resolved_within_thirty_days_or_not_at_all() -> None:
    found = resolution(
        facts(
            {1: ("2025-01-01", None)},
            events=[
                (1, "ticket_opened", "2026-04-01 10:00", "a"),
                (1, "ticket_resolved", "2026-05-01 10:00", "a"),
                (1, "ticket_opened", "2026-04-01 10:00", "b"),
                (1, "ticket_resolved", "2026-05-01 10:01", "b"),
                (1, "ticket_opened", "2026-04-02 10:00", ""),
                (1, "ticket_resolved", "2026-04-02 11:00", ""),
                (1, "ticket_opened", "2026-06-10 10:00", "late"),
            ],
        )
    )

    assert sorted(found["hit"]) == [False, True]


def test_every_share_is_empty_where_there_is_nobody() -> None:
    assert {key for key, rule in SHARES.items() if len(rule(facts({})))} == set()


def test_samples_and_what_two_share_are_plain_sums_over_customers() -> None:
    now = pd.DataFrame({"customer": [1, 1, 2, 3], "hit": [True, False, True, False]})
    before = pd.DataFrame({"customer": [1, 2, 2, 4], "hit": [True, True, True, True]})

    sample, shared = sample_of(now), shared_by(now, before)

    assert (sample.counts.responses, sample.counts.promoters, sample.customers) == (4, 2, 3)
    assert (sample.yy, sample.yn, sample.nn) == (2, 3, 6)
    assert shared == (1 * 1 + 1 * 2, 1 * 1 + 1 * 2, 2 * 1 + 1 * 2, 2 * 1 + 1 * 2)


@pytest.mark.parametrize("key", sorted(SHARES))
def test_what_becomes_known_after_the_period_changes_no_share(key: str) -> None:
    world = {1: ("2025-01-01", None), 2: ("2026-01-20", None)}
    kinds = ["purchased", "renewed", "trained", "community", "attended", "referred"]
    kinds += ["onboarding_completed", "ticket_resolved"]
    early = [(1, "ticket_opened", "2026-04-01", "a"), (2, "purchased", "2026-05-01", "")]
    later = [(pk, kind, "2026-07-01", "a") for pk in world for kind in kinds]

    plain = SHARES[key](facts(world, events=early))

    pd.testing.assert_frame_equal(SHARES[key](facts(world, events=early + later)), plain)


def test_feedback_and_comments_are_those_of_customers_at_start() -> None:
    world = facts(
        {1: ("2025-01-01", None), 2: ("2025-01-01", None), 3: ("2026-04-01", None)},
    )
    world = replace(world, answered=pd.Index([0, 1, 2, 3]), commented=pd.Index([2, 3]))

    assert hits(feedback(world)) == {1: True, 2: True}
    assert hits(comments(world)) == {1: False, 2: True}


def test_engagement_is_use_per_day_of_each_of_the_seats_that_are_known() -> None:
    there = ("2025-01-01", None)
    world = facts({**dict.fromkeys(range(1, 6), there), 6: ("2025-01-01", "2026-06-30")})
    use = Use(
        # 28 days x 2 seats x 0.5 are 28.
        total=pd.Series({1: 28.0, 2: 27.9, 3: 0.0, 4: 99.0, 5: 99.0, 6: 99.0}),
        seats=pd.Series({1: 2.0, 2: 2.0, 3: 2.0, 4: 0.0, 6: 2.0}),
    )
    choices = Choices(measure="logins", engaged_from=0.5)

    assert hits(engagement(replace(world, use=use, choices=choices))) == {
        1: True,
        2: False,
        3: False,
    }


def test_self_directed_is_active_on_half_of_the_working_days_and_asks_nobody() -> None:
    world = facts(
        dict.fromkeys(range(1, 6), ("2025-01-01", None)),
        events=[
            (2, "ticket_opened", "2026-06-03 00:00", "a"),
            (3, "contacted", "2026-06-30 23:00", ""),
            (4, "ticket_opened", "2026-06-02 23:00", "b"),
            (4, "ticket_replied", "2026-06-10 23:00", "b"),
        ],
    )
    use = Use(days_active=pd.Series({1: 9.0, 2: 20.0, 3: 20.0, 4: 10.0}), working_days=19)

    found = hits(self_directed(replace(world, use=use)))

    assert found == {1: False, 2: False, 3: False, 4: True}
