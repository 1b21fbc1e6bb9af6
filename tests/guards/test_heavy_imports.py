"""`manage.py` shall not take seconds to start, whatever models, receivers and tags import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"altair", "numpy", "pandas", "vl_convert"}
# What every command does before its own work.
PROGRAM = f"""
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()
from django.core.checks import run_checks
run_checks()
print(sorted({HEAVY} & sys.modules.keys()))
"""


def test_no_command_imports_a_heavy_library_to_start() -> None:
    found = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert found.stdout.strip() == "[]"
