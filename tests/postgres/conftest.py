from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """First: it takes minutes, which at the end all processes but one would wait for."""
    items.sort(key=lambda item: "test_on_postgresql" not in item.nodeid)
