"""Lists in parts: each part says where the next one begins, and rows that come or go shift none."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from api.domain.problems import Problem
from api.web.rest.fields import Paged
from api.web.rest.refusals import not_there

_LARGEST = 2**63 - 1
# Longer than any transaction that writes takes from its moment to its commit.
LATE = dt.timedelta(minutes=10)


def page(rows: QuerySet[Any], asked: Paged, *, shape: Callable[[Any], Any]) -> dict[str, Any]:
    """In the order in which they were made."""
    if asked.cursor:
        [after] = _parts(asked.cursor, 1)
        rows = rows.filter(pk__gt=_whole(after))
    found = list(rows.order_by("pk")[: asked.limit + 1])
    some = found[: asked.limit]
    following = text_of(some[-1].pk) if len(found) > asked.limit else None
    return {"data": [shape(each) for each in some], "next": following}


def page_by_moment(
    rows: QuerySet[Any], asked: Paged, *, by: str, shape: Callable[[Any], dict[str, Any]]
) -> dict[str, Any]:
    """Oldest first; what changes meanwhile comes again at its end, and is never missed."""
    if asked.cursor:
        moment, pk = _parts(asked.cursor, 2)
        at = _moment(moment)
        rows = rows.filter(Q(**{f"{by}__gt": at}) | Q(**{by: at}, pk__gt=_whole(pk)))
    found = list(rows.order_by(by, "pk")[: asked.limit + 1])
    some = found[: asked.limit]
    following = None
    if len(found) > asked.limit:
        last = some[-1]
        following = text_of(getattr(last, by).isoformat(), last.pk)
    return {"data": [shape(each) for each in some], "next": following}


def settled_since(moment: dt.datetime) -> dt.datetime:
    """Of what changed since: with what may have been committed after a reader saw later rows.

    A moment is taken before a transaction begins, so rows do not come to sight in its order.
    """
    try:
        return moment - LATE
    except OverflowError:
        return moment


def place_in(cursor: str) -> tuple[int, int, dt.date, int]:
    """Of a row of readings: in which of the two tables, and its key there."""
    table, measure, day, owner = _parts(cursor, 4)
    try:
        on = dt.date.fromisoformat(day)
    except ValueError:
        raise _unknown() from None
    if table not in ("0", "1"):
        raise _unknown()
    return int(table), _whole(measure), on, _whole(owner)


def text_of(*parts: object) -> str:
    return base64.urlsafe_b64encode(" ".join(map(str, parts)).encode()).decode().rstrip("=")


def _parts(cursor: str, count: int) -> list[str]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        raise _unknown() from None
    parts = text.split(" ")
    if len(parts) != count:
        raise _unknown()
    return parts


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= _LARGEST):
        raise _unknown()
    return int(text)


def _moment(text: str) -> dt.datetime:
    try:
        found = dt.datetime.fromisoformat(text).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise _unknown() from None
    return found


def _unknown() -> Problem:
    return not_there(
        "cursor", _("leads nowhere"), _("take “next” of the answer before, or leave it out")
    )
