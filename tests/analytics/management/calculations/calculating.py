"""`manage.py calculate` as a shell has it: words in, figures out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError

from tests.analytics.management.commanding import run


def calculate(*words: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("calculate", *map(str, words)))
    return found


def refused(*words: Any) -> str:
    with pytest.raises(CommandError) as error:
        calculate(*words)
    return str(error.value)


def written(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def csv_of(path: Path, header: str, rows: Sequence[Sequence[Any]]) -> Path:
    return written(path, header, *(",".join(map(str, row)) for row in rows))
