"""docs/dependencies.md has a sentence for each package that Koe asks for, and no other."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PAGE = (ROOT / "docs" / "dependencies.md").read_text()
MOST = 29


def names_of(requirements: list[str]) -> list[str]:
    return [re.match(r"[A-Za-z0-9-]+", each)[0].lower() for each in requirements]


def rows_of(section: str) -> dict[str, list[str]]:
    """The cells behind the name of each package."""
    text = PAGE.partition(f"## {section}\n")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| `")]
    return {name.strip("`"): cells for name, *cells in rows}


@pytest.mark.parametrize(
    ("section", "requirements"),
    [
        ("What production runs on", PROJECT["dependencies"]),
        ("What `make run` needs on top", PROJECT["optional-dependencies"]["local"]),
        ("What an installation may add", PROJECT["optional-dependencies"]["observe"]),
    ],
)
def test_every_package_has_its_sentences(section: str, requirements: list[str]) -> None:
    rows = rows_of(section)

    assert sorted(rows) == sorted(names_of(requirements))
    assert [
        name for name, cells in rows.items() if len(cells) != 2 or min(map(len, cells)) < 8
    ] == []


def test_production_runs_on_no_more_than_it_did() -> None:
    """A further package needs a reason that is better than this number."""
    assert len(PROJECT["dependencies"]) <= MOST
