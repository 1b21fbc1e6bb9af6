"""What stops the start, as an operator sees it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.conf import global_settings

from tests.config.starting import PRODUCTION, ROOT, STRONG, start


@pytest.mark.parametrize("name", ["ADMIN_SECOND_STEP", "STAFF_SECOND_STEP"])
def test_staff_need_a_second_step_where_there_is_https(tmp_path: Path, name: str) -> None:
    shown = f"settings.{name}"
    assert start(tmp_path, show=shown) == "False"
    assert start(tmp_path, show=shown, SECRET_KEY=STRONG, **PRODUCTION) == "True"
    opened = {name: "False", "SECRET_KEY": STRONG, **PRODUCTION}
    assert start(tmp_path, show=shown, **opened) == "False"


def test_linear_algebra_starts_no_threads_beside_a_request(tmp_path: Path) -> None:
    shown = "len(__import__('os').listdir('/proc/self/task')) if __import__('numpy') else 0"
    assert start(tmp_path, show=shown) == "1"


# Read by Django, or by the library that their name begins with.
FOREIGN = (
    "ACCOUNT_",
    "ALLAUTH_",
    "ANYMAIL",
    "CRISPY_",
    "MFA_",
    "SOCIALACCOUNT_",
    "WHITENOISE_",
    "CONTENT_SECURITY_",
)
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
        for folder in (
            "accounts",
            "surveys",
            "analytics",
            "actions",
            "api",
            "common",
            "config",
            "local",
        )
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
