"""The signed links of alerts: which follow-up, and who was written to."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.core import signing

from actions.models import FollowUp

SALT = "actions.follow-up"
LASTS = dt.timedelta(days=30)


class Link(NamedTuple):
    follow_up: int
    # The member of staff, as the owner by then.
    staff: int


def make_token(follow_up: FollowUp) -> str:
    return signing.dumps([follow_up.pk, follow_up.owner_id], salt=SALT, compress=False)


def read_token(token: str) -> Link | None:
    """None for what is none of ours, or older than it lasts."""
    try:
        return Link(*signing.loads(token, salt=SALT, max_age=LASTS))
    except signing.BadSignature:
        return None
