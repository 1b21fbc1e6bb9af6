"""The help text explains each kind to somebody new, with an example that runs."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from django.core.management import load_command_class

from analytics.management.calculations.kind import Kind
from analytics.management.commands.calculate import KINDS
from tests.analytics.management.calculations.calculating import calculate


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_help_has_summary_meaning_columns_and_example(kind: Kind, capsys) -> None:
    parser = load_command_class("analytics", "calculate").create_parser("manage.py", "calculate")
    with pytest.raises(SystemExit) as ended:
        parser.parse_args([kind.name, "--help"])
    said = capsys.readouterr().out

    assert ended.value.code == 0
    assert kind.summary in said
    assert f"calculate {kind.name}" in said
    assert all(f"  {column.name}" in said for column in kind.columns)


def test_examples_of_counts_run_as_they_stand(tmp_path: Path) -> None:
    ran = []
    for kind in KINDS.values():
        words = re.search(r"manage\.py calculate (.*)", kind.example)
        if words and not kind.columns:
            ran.append(kind.name)
            assert calculate(*shlex.split(words[1]))
    assert ran == [
        "interval", "change", "sample_size", "rate", "rate_change", "adjust", "coverage",
        "false_alarms",
    ]  # fmt: skip
