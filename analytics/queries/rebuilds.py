from __future__ import annotations

from accounts.queries.rebuilds import running_rebuild
from analytics.filters import Filters


def share_rebuilt(filters: Filters) -> float | None:
    """Between 0 and 1 while what the filters ask for mixes frozen values of two definitions.

    The values of now are not frozen anywhere, so nothing of them waits to be.
    """
    if filters.as_of is not None or not (filters.by or filters.where):
        return None
    running = running_rebuild()
    return None if running is None else running.share or 0.0
