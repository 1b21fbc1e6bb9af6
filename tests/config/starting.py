"""The settings as an operator's environment makes them, read by a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "SITE_URL": "https://koe.example.com",
    "EMAIL_URL": "smtp://mail.example.com:25",
    "DEFAULT_FROM_EMAIL": "Example <survey@example.com>",
    "ORGANISATION_NAME": "Example",
    "ORGANISATION_ADDRESS": "2-1 Chiyoda, Tokyo",
}
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
