"""Pages of a list: by their number, or by a cursor in the Link header."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet

from api.domain.values import Invalid, whole
from api.web.call import Call

PER_PAGE, MOST_PER_PAGE = 20, 100
# Nobody turns so many pages; the database would count its way there.
LAST_PAGE = 1_000_000
Cursor = tuple[dt.datetime, int]


def per_page(call: Call) -> int:
    wanted = whole(call.query.get("per_page"), "per_page")
    return PER_PAGE if wanted is None or wanted < 1 else min(wanted, MOST_PER_PAGE)


def numbered(call: Call, rows: QuerySet[Any, Any]) -> list[Any]:
    """Past the end it is empty, which is how some clients know that they are through."""
    size = per_page(call)
    number = max(whole(call.query.get("page"), "page") or 1, 1)
    start = (min(number, LAST_PAGE) - 1) * size
    return list(rows[start : start + size])


def after_cursor(
    call: Call, rows: QuerySet[Any], *, path: str, filters: Sequence[str]
) -> tuple[list[Any], dict[str, str]]:
    """In the order of creation, with the header that leads to the next page, if there is one."""
    size = per_page(call)
    if given := call.query.get("page_info"):
        at, pk = _read(given)
        rows = rows.filter(Q(created_at__gt=at) | Q(created_at=at, pk__gt=pk))
    found = list(rows.order_by("created_at", "pk")[: size + 1])
    if len(found) <= size:
        return found, {}
    last = found[size - 1]
    kept = {name: call.query[name] for name in filters if isinstance(call.query.get(name), str)}
    query = urlencode({**kept, "per_page": size, "page_info": _cursor(last.created_at, last.pk)})
    return found[:size], {"Link": f'<{call.origin}{path}?{query}>; rel="next"'}


def _cursor(at: dt.datetime, pk: int) -> str:
    text = f"{at.astimezone(dt.UTC).isoformat()} {pk}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: Any) -> Cursor:
    try:
        text = base64.urlsafe_b64decode(str(cursor) + "=" * (-len(str(cursor)) % 4)).decode("ascii")
        at, _, pk = text.partition(" ")
        if len(pk) > 18:
            raise ValueError
        return dt.datetime.fromisoformat(at).astimezone(dt.UTC), int(pk)
    except (ValueError, OverflowError):
        raise Invalid(page_info="is invalid") from None
