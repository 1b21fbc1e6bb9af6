from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tests.faults.scenes.scene import Play, figures_of


@pytest.fixture
def play(tmp_path: Path, redis_url: str, postgres_url: str) -> Play:
    """A scene by its name, with servers and a folder of this test's own."""
    return partial(figures_of, folder=tmp_path, redis_url=redis_url, postgres_url=postgres_url)
