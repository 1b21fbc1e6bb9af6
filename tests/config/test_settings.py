"""What stops the start, as an operator sees it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {"SITE_URL": "https://koe.example.com", "EMAIL_URL": "smtp://mail.example.com:25"}
STRONG = "vZ3kP9-xQ7_tB2mW8rY5uD1cF6gH4jL0nS3aE9oI7pK2qT5wX8yZ"


def start(tmp_path: Path, *, show: str = "''", **variables: str) -> str:
    """What reading the settings says, else the setting to show."""
    bare = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
    code = (
        "from django.core.exceptions import ImproperlyConfigured as Wrong\n"
        f"try:\n    from config import settings\n    print({show})\n"
        "except Wrong as error:\n    print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**bare, "KOE_VAR_DIR": str(tmp_path), **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("", "SECRET_KEY must be set where SITE_URL is https://"),
        ("short", "SECRET_KEY is too easy to guess where SITE_URL is https://"),
        ("ab" * 40, "SECRET_KEY is too easy to guess where SITE_URL is https://"),
    ],
)
def test_production_starts_with_a_strong_key_only(tmp_path: Path, key: str, said: str) -> None:
    message = start(tmp_path, SECRET_KEY=key, **PRODUCTION)

    assert message.startswith(said)
    assert "50 or more random characters" in message
    assert not key or key not in message


def test_a_strong_key_starts_production_and_a_trial_needs_none(tmp_path: Path) -> None:
    assert start(tmp_path, SECRET_KEY=STRONG, **PRODUCTION) == ""
    assert start(tmp_path) == ""


def test_admins_need_a_second_step_where_there_is_https(tmp_path: Path) -> None:
    shown = "settings.ADMIN_SECOND_STEP"
    assert start(tmp_path, show=shown) == "False"
    assert start(tmp_path, show=shown, SECRET_KEY=STRONG, **PRODUCTION) == "True"
    opened = {"ADMIN_SECOND_STEP": "False", "SECRET_KEY": STRONG, **PRODUCTION}
    assert start(tmp_path, show=shown, **opened) == "False"


def test_the_password_of_a_wrong_address_is_not_repeated(tmp_path: Path) -> None:
    message = start(tmp_path, DATABASE_URL="mysql://koe:pa:ss@word@db.example.com/koe")

    assert message.startswith("DATABASE_URL='mysql://koe:***@db.example.com/koe' cannot be used")
    assert "pa:ss" not in message


def test_sqlite_puts_each_commit_on_disk_before_it_is_acknowledged(tmp_path: Path) -> None:
    shown = "settings.DATABASES['default']['OPTIONS']['init_command']"

    assert "synchronous=FULL" in start(tmp_path, show=shown)
