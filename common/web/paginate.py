"""Pages of long lists."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet


class LongPaginator(Paginator):  # type: ignore[type-arg]
    """Of an ordered query: a page behind the middle is read from the end, so that the database
    skips at most half of the rows."""

    def page(self, number: int | str) -> Page[Any]:
        found = super().page(number)
        last = self.count - (found.number - 1) * self.per_page
        first = max(last - self.per_page, 0)
        if isinstance(self.object_list, QuerySet) and first < self.count // 2:
            found.object_list = list(self.object_list.reverse()[first:last])[::-1]
        return found
