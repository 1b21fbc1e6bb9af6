"""What stops the start, as an operator sees it."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import global_settings

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


# Read by Django, or by the library that their name begins with.
FOREIGN = ("ACCOUNT_", "ALLAUTH_", "ANYMAIL", "CRISPY_", "MFA_", "WHITENOISE_", "CONTENT_SECURITY_")
BY_DJANGO = {"ROOT_URLCONF"}


def test_every_setting_is_read_and_none_repeats_the_default() -> None:
    tree = ast.parse((ROOT / "config" / "settings.py").read_text())
    names = {
        name.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for name in node.targets
        if isinstance(name, ast.Name) and name.id.isupper()
    }
    sources = [
        path.read_text()
        for folder in ("accounts", "surveys", "analytics", "common", "config", "local")
        for path in (ROOT / folder).rglob("*.py")
    ]

    own = {name for name in names if not hasattr(global_settings, name)} - BY_DJANGO
    unread = {
        name
        for name in own
        if not name.startswith(FOREIGN)
        and sum(len(re.findall(rf"\b{name}\b", source)) for source in sources) < 2
    }
    repeated = {
        name
        for name, value in names.items()
        if isinstance(value, ast.Constant)
        and getattr(global_settings, name, object()) == value.value
    }
    # The reason that stands there is worth the line.
    assert (unread, repeated - {"SECURE_REFERRER_POLICY"}) == (set(), set())
