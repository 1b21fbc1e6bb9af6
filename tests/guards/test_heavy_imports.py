"""`manage.py` shall not take seconds to start, whatever models, receivers and tags import."""

from __future__ import annotations

import os
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
# And a worker, or beat: all tasks, in each of its processes.
WORKER = f"""
from config.celery import app
app.loader.import_default_modules()
import sys
print(sorted({HEAVY} & sys.modules.keys()))
"""


def test_no_worker_imports_a_heavy_library_before_its_task_needs_it() -> None:
    found = subprocess.run(
        [sys.executable, "-c", WORKER],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert found.stdout.strip() == "[]"


# What `celery beat` loads: the schedule, and nothing of what its tasks do.
BEAT = """
import sys
sys.argv = ["celery", "--app", "config", "beat"]
from config.celery import app
app.loader.init_worker()
assert app.conf.beat_schedule["plan"]
print(sorted({"accounts.models", "allauth", "surveys.models", "pandas"} & sys.modules.keys()))
"""


def test_beat_loads_no_app() -> None:
    """It holds a third of the memory that a process with all of them holds."""
    found = subprocess.run(
        [sys.executable, "-c", BEAT],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert found.stdout.strip() == "[]"


def test_no_command_imports_a_heavy_library_to_start() -> None:
    found = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert found.stdout.strip() == "[]"
