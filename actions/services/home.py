"""Hiding a line of one's own work list, and bringing it back."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import StaffUser
from actions.domain.home import HIDEABLE, LineKind
from actions.models import HiddenLine

# Of each person; what was hidden first comes back first.
MOST = 200


def hide(reader: StaffUser, kind: LineKind, *, key: str, level: int, now: dt.datetime) -> bool:
    """`level` as it was seen: what got worse meanwhile stays. False: not of this kind."""
    if kind not in HIDEABLE:
        return False
    with transaction.atomic():
        HiddenLine.objects.update_or_create(
            staff=reader, kind=kind, key=key, defaults={"level": level, "at": now}
        )
        mine = HiddenLine.objects.filter(staff=reader)
        kept = mine.order_by("-at", "-pk").values("pk")[:MOST]
        mine.exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()
    return True


def show(reader: StaffUser, kind: LineKind, *, key: str) -> None:
    HiddenLine.objects.filter(staff=reader, kind=kind, key=key).delete()
