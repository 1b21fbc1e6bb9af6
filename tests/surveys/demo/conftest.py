from __future__ import annotations

import pytest

from tests.surveys.demo.made import LARGE, World, make


@pytest.fixture(scope="session")
def usual() -> World:
    return make()


@pytest.fixture(scope="session")
def large() -> World:
    return make(LARGE)
