"""Tells people from mail scanners by what they post; a GET is never evidence of anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

BURST_WINDOW = timedelta(seconds=60)
BURST_SCORES = 3
# Scroll, load, focus and timers are absent: a headless browser makes all of them by itself.
GESTURES = frozenset({"pointerdown", "pointermove", "touchend", "keydown"})


class Evidence(StrEnum):
    TRUSTED = "trusted"
    INTENT = "intent"
    SUSPECT = "suspect"


@dataclass(frozen=True, slots=True)
class Post:
    """A score posted for one invitation."""

    at: datetime
    score: int


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of one post. `gesture` is set for an intent, `None` for a pressed button."""

    post: Post
    others: tuple[Post, ...] = ()
    gesture: str | None = None
    gesture_trusted: bool = False


def is_gesture(event: str, *, is_trusted: bool) -> bool:
    return is_trusted and event in GESTURES


def judge(signals: Signals) -> Evidence:
    posts = (*signals.others, signals.post)
    if len(posts) - 1 in suspect_posts(posts):
        return Evidence.SUSPECT
    if signals.gesture is None:
        return Evidence.TRUSTED
    seen = is_gesture(signals.gesture, is_trusted=signals.gesture_trusted)
    return Evidence.INTENT if seen else Evidence.SUSPECT


def suspect_posts(posts: Sequence[Post]) -> frozenset[int]:
    """Positions of all posts within any minute that saw three or more different scores.

    Those before the third score are included, so posts already judged must be judged again.
    """
    order = sorted(range(len(posts)), key=lambda index: posts[index].at)
    suspect: set[int] = set()
    for first, start in enumerate(order):
        until = posts[start].at + BURST_WINDOW
        burst = [index for index in order[first:] if posts[index].at <= until]
        if len({posts[index].score for index in burst}) >= BURST_SCORES:
            suspect.update(burst)
    return frozenset(suspect)


def stored_post(at: datetime, *, score: int, gesture: str) -> dict[str, Any]:
    trusted = gesture if is_gesture(gesture, is_trusted=True) else ""
    return {"at": at.isoformat(), "score": score, "gesture": trusted}


def posts_from(stored: Iterable[Mapping[str, Any]]) -> tuple[Post, ...]:
    return tuple(Post(datetime.fromisoformat(each["at"]), each["score"]) for each in stored)
