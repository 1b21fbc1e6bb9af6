"""Freireich's remission times and R's ovarian data, and follow-ups of any kind."""

from __future__ import annotations

from hypothesis import strategies as st

TREATED = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"
OVARIAN_1 = "59 115 156 268 329 431 448+ 477+ 638 803+ 855+ 1040+ 1106+"
OVARIAN_2 = "353 365 377+ 421+ 464 475 563 744+ 769+ 770+ 1129+ 1206+ 1227+"

follow_ups = st.lists(
    st.tuples(st.integers(min_value=0, max_value=30), st.booleans()), min_size=1, max_size=40
)


def parsed(text):
    """A plus sign marks who was still there when last seen."""
    days = [float(word.rstrip("+")) for word in text.split()]
    return days, [not word.endswith("+") for word in text.split()]


def columns(rows):
    return [day for day, _ in rows], [churned for _, churned in rows]
