"""A formula by command: saved whole, or refused with every fault and its place."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from analytics.models import HealthFormula
from tests.analytics.health import definition
from tests.analytics.management.commanding import run

pytestmark = pytest.mark.django_db


def file_with(tmp_path: Path, content: Any) -> str:
    path = tmp_path / "formula.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return str(path)


def test_a_formula_is_saved_and_published(tmp_path: Path) -> None:
    path = file_with(tmp_path, definition())

    assert run("import_health_formula", path) == "Standard 1: saved\n"
    assert not HealthFormula.objects.in_force().exists()
    assert run("import_health_formula", path, "--publish") == "Standard 1: unchanged, published\n"
    assert run("import_health_formula", path, "--publish") == "Standard 1: unchanged\n"
    assert HealthFormula.objects.in_force().count() == 1


def test_every_fault_is_named_and_nothing_is_saved(tmp_path: Path) -> None:
    bad = definition(min_known_share=7)
    bad["measures"][0] = bad["measures"][0] | {"source": "nps_lats"}
    path = file_with(tmp_path, bad)

    with pytest.raises(CommandError) as caught:
        run("import_health_formula", path, "--publish")

    lines = str(caught.value).splitlines()
    assert lines[0].startswith(f"{path}: measures[0].source: 'nps_lats' is not a source")
    assert lines[1] == f"{path}: min_known_share: must be a number from 0.01 to 1"
    assert lines[-1] == "Nothing was saved."
    assert not HealthFormula.objects.exists()


@pytest.mark.parametrize("content", ["{", "[1]", '"text"', "null"])
def test_what_is_no_formula_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(CommandError):
        run("import_health_formula", file_with(tmp_path, content))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        run("import_health_formula", str(tmp_path / "none.json"))


def test_sources_without_facts_are_told_of(tmp_path: Path) -> None:
    err = io.StringIO()

    call_command(
        "import_health_formula", file_with(tmp_path, definition()), stdout=io.StringIO(), stderr=err
    )

    assert err.getvalue().splitlines() == [
        "nps_last has no facts yet, so it counts for nobody.",
        "mrr has no facts yet, so it counts for nobody; import_revenue brings them.",
    ]
