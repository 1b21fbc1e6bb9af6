"""`make check`: everything that can be said of Koe without running its tests."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass

from local.environment import ROOT
from local.trouble import tell

PACKAGES = ("accounts", "surveys", "analytics", "config", "common", "local")
AUDIT_SECONDS = 180


@dataclass(frozen=True)
class Outcome:
    ok: bool
    said: str = ""


def tool(*command: str, **extra: str) -> Callable[[], Outcome]:
    def check() -> Outcome:
        result = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env={**os.environ, **extra},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return Outcome(result.returncode == 0, result.stdout)

    return check


def audit() -> Outcome:
    """Known weaknesses in what Koe runs on. A service out of reach is told and does not fail."""
    command = ["-m", "pip_audit", "--disable-pip", "--require-hashes", "-r", "requirements.txt"]
    options = ["--format", "json", "--progress-spinner", "off", "--timeout", "15"]
    try:
        result = subprocess.run(
            [sys.executable, *command, *options],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=AUDIT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Outcome(True, "skipped: advisory service not reachable (no answer in time)")
    return judge_audit(result.stdout, result.stderr)


def judge_audit(report: str, errors: str) -> Outcome:
    try:
        packages = json.loads(report)["dependencies"]
    except (ValueError, KeyError, TypeError):
        last = (errors.strip().splitlines() or ["no answer"])[-1]
        return Outcome(True, f"skipped: advisory service not reachable ({last[:120]})")
    found = [
        f"{package['name']} {package['version']}: {weakness['id']}, mended in "
        f"{', '.join(weakness['fix_versions']) or 'no version yet'}"
        for package in packages
        for weakness in package.get("vulns", [])
    ]
    return Outcome(not found, "\n".join(found))


def every_check(folder: str) -> dict[str, Callable[[], Outcome]]:
    production = {
        "DEBUG": "False",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SITE_URL": "https://koe.example.com",
        "ALLOWED_HOSTS": "koe.example.com",
        "EMAIL_URL": "smtp://mail.example.com:25",
        "KOE_VAR_DIR": folder,
    }
    templates = ("templates", "--lint", "--profile", "django", "--quiet")
    # Mails need inline styles and no meta tags; the rest of the lint is about taste.
    lenient = ("--ignore", "H006,H030,H031,T003", "--exclude", "emails")
    manage = ("manage.py",)
    return {
        "format": tool("-m", "ruff", "format", "--check", "."),
        "lint": tool("-m", "ruff", "check", "."),
        "templates": tool("-m", "djlint", *templates, *lenient),
        "types": tool("-m", "mypy", *PACKAGES),
        "migrations": tool(*manage, "makemigrations", "--check", "--dry-run", KOE_VAR_DIR=folder),
        "translations": tool("-m", "local.translations"),
        "deployment": tool(*manage, "check", "--deploy", "--fail-level", "WARNING", **production),
        "audit": audit,
    }


def main() -> int:
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        for name, check in every_check(folder).items():
            started = time.monotonic()
            outcome = check()
            word = "ok" if outcome.ok else "FAILED"
            print(f"{name:14}{word:8}{time.monotonic() - started:5.1f} s", flush=True)
            if outcome.said.strip() and (not outcome.ok or name in ("translations", "audit")):
                print("\n".join(f"    {line}" for line in outcome.said.strip().splitlines()))
            if not outcome.ok:
                failed.append(name)
    print(f"Failed: {', '.join(failed)}" if failed else "Every check passed.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(tell(main))
