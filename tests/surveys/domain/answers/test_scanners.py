from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from surveys.domain.answers.scanners import (
    Evidence,
    Post,
    Signals,
    is_gesture,
    judge,
    suspect_posts,
)

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def posts(*seconds_and_scores: tuple[float, int]) -> tuple[Post, ...]:
    return tuple(Post(NOW + timedelta(seconds=at), score) for at, score in seconds_and_scores)


@pytest.mark.parametrize(
    ("event", "is_trusted", "expected"),
    [
        ("pointerdown", True, True),
        ("pointermove", True, True),
        ("touchend", True, True),
        ("keydown", True, True),
        ("pointerdown", False, False),
        ("scroll", True, False),
        ("load", True, False),
        ("focus", True, False),
        ("visibilitychange", True, False),
        ("", True, False),
    ],
)
def test_gesture_is_a_trusted_touch_of_the_person(
    event: str, is_trusted: bool, expected: bool
) -> None:
    assert is_gesture(event, is_trusted=is_trusted) is expected


def test_button_gives_an_answer_and_gesture_an_intent() -> None:
    answer = Signals(posts((0, 9))[0])
    assert judge(answer) is Evidence.TRUSTED
    assert judge(replace(answer, gesture="touchend", gesture_trusted=True)) is Evidence.INTENT


@pytest.mark.parametrize(("gesture", "is_trusted"), [("scroll", True), ("keydown", False)])
def test_intent_without_a_true_gesture_is_suspect(gesture: str, is_trusted: bool) -> None:
    signals = Signals(posts((0, 9))[0], gesture=gesture, gesture_trusted=is_trusted)
    assert judge(signals) is Evidence.SUSPECT


@pytest.mark.parametrize(
    ("found", "suspect"),
    [
        ((), set()),
        (((0, 1), (1, 2)), set()),
        (((0, 1), (1, 1), (2, 1), (3, 2)), set()),
        (((0, 1), (1, 2), (2, 3)), {0, 1, 2}),
        (((0, 1), (30, 2), (60, 3)), {0, 1, 2}),
        (((0, 1), (30, 2), (60.001, 3)), set()),
        (((60, 3), (0, 1), (30, 2)), {0, 1, 2}),
        (((0, 1), (1, 2), (2, 3), (63, 9)), {0, 1, 2}),
        (((0, 1), (50, 2), (55, 3), (100, 3), (300, 9)), {0, 1, 2, 3} - {3}),
    ],
)
def test_three_scores_within_a_minute_make_the_burst_suspect(
    found: tuple[tuple[float, int], ...], suspect: set[int]
) -> None:
    assert suspect_posts(posts(*found)) == suspect


def test_person_after_a_scanner_burst_is_trusted() -> None:
    burst = posts(*((index, index) for index in range(11)))
    assert judge(Signals(burst[-1], others=burst[:-1])) is Evidence.SUSPECT
    person = Post(NOW + timedelta(seconds=90), 9)
    assert judge(Signals(person, others=burst)) is Evidence.TRUSTED


def test_changing_the_score_once_is_no_burst() -> None:
    first, second = posts((0, 6), (5, 8))
    assert judge(Signals(second, others=(first,))) is Evidence.TRUSTED
