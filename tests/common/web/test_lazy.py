from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from common.web import lazy

ROOT = Path(__file__).resolve().parents[3]


def run(code: str) -> str:
    program = f"import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'; {code}"
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()


def test_a_web_process_has_them_before_its_first_visitor() -> None:
    assert (
        run("import config.wsgi; print('analytics.views.answers.trend' in sys.modules)") == "True"
    )


def test_a_wrong_name_fails_at_the_start(monkeypatch) -> None:
    monkeypatch.setattr(lazy, "_views", [])
    view = lazy.lazy_view("analytics.views.answers.trend.trand")

    assert view.__name__ == "trand"
    with pytest.raises(ImportError, match="trand"):
        lazy.load_all()
