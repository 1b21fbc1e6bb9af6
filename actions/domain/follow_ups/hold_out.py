"""The hold-out: customers whose passive answers open no follow-up, to see what one is good for.

Drawn by a hash of the customer, so that all their answers fall on one side, and on the same one
whenever they come; a larger share keeps those who were held out. Detractors never are.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum

MOST_PERCENT = 50


class Arm(StrEnum):
    FOLLOWED_UP = "followed_up"
    HELD_OUT = "held_out"


def arm_of(customer: int, *, percent: int) -> Arm:
    digest = hashlib.sha256(f"hold-out {customer}".encode()).digest()
    place = int.from_bytes(digest[:8], "big") / 2**64
    return Arm.HELD_OUT if 100 * place < percent else Arm.FOLLOWED_UP
