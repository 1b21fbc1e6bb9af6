from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from api.domain.ids import row_id

Row = TypeVar("Row", bound=Model)
Rows = TypeVar("Rows", bound=QuerySet[Any])
Span = tuple[dt.datetime | None, dt.datetime | None]
SECOND = dt.timedelta(seconds=1)


def with_id(rows: QuerySet[Row], shown: str) -> Row | None:
    found = row_id(shown)
    if found is None:
        return None
    own = {} if found.pk is None else {"pk": found.pk}
    return rows.filter(kept_id=found.kept_id, **own).first()


def within(rows: Rows, field: str, span: Span) -> Rows:
    """Both ends belong to it; a moment is that whole second."""
    since, until = span
    rows = rows.filter(**{f"{field}__gte": since}) if since else rows
    return rows.filter(**{f"{field}__lt": until + SECOND}) if until else rows
