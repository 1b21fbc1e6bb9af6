from __future__ import annotations

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """The overview keeps its figures for a while: not from one test to the next."""
    cache.clear()
