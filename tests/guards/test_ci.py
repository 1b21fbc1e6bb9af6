"""CI runs what a developer runs at home, on the oldest Python, with actions that cannot change."""

from __future__ import annotations

import os
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORKFLOW = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")


def commands(workflow: str) -> list[str]:
    return re.findall(r"^\s*(?:- )?run: (.+)$", workflow, flags=re.MULTILINE)


def unpinned(workflow: str) -> list[str]:
    used = re.findall(r"uses: (\S+)", workflow)
    return [action for action in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action)]


def test_ci_runs_the_one_script_last() -> None:
    assert commands(WORKFLOW)[-1] == ".ci/run"
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_ci_uses_the_oldest_python_that_is_supported() -> None:
    oldest = re.search(r'requires-python = ">=([\d.]+)"', (ROOT / "pyproject.toml").read_text())

    assert oldest is not None
    assert re.findall(r'python-version: "([\d.]+)"', WORKFLOW) == [oldest[1]]


def test_actions_are_pinned_to_a_commit() -> None:
    assert unpinned(WORKFLOW) == []
    assert "uses: " in WORKFLOW
    assert unpinned("- uses: actions/checkout@v4\n") == ["actions/checkout@v4"]
