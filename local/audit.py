"""`make audit`: what is known of the pinned packages, and whether anybody could be asked at all.

A mirror without advisories skips every package, and pip-audit calls that a success. Nothing that we
could ship knows this month's advisories, and CI without a network must not fail for it: so an audit
that asked nobody fails nothing, but is never called passed. Before a release it must have asked:
AUDIT=required.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from local import ROOT

SECONDS = 180
COMMAND = [
    sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "-r",
    "requirements.txt", "--format", "json", "--progress-spinner", "off", "--timeout", "15",
]  # fmt: skip
# What `make check` ends with, where it was so.
NOTE = ROOT / "var" / "not-audited"
NOBODY = "NOT AUDITED: no advisory service was reached for any of the pinned packages."


def main() -> int:
    found = findings(_asked())
    for line in [NOBODY] if found is None else found:
        print(line)
    NOTE.parent.mkdir(exist_ok=True)
    NOTE.write_text(" but the audit, which reached no advisory service" if found is None else "")
    if found is None:
        return int(os.environ.get("AUDIT") == "required")
    return int(bool(found))


def findings(said: str) -> list[str] | None:
    """A line for what is vulnerable or could not be asked about; None where nobody was asked."""
    try:
        packages: list[dict[str, Any]] = json.loads(said)["dependencies"]
    except (ValueError, KeyError):
        return None
    if all("skip_reason" in each for each in packages):
        return None
    return [line for each in packages for line in _of(each)]


def _of(package: dict[str, Any]) -> list[str]:
    if "skip_reason" in package:
        return [f"{package['name']}: {package['skip_reason']}"]
    return [
        f"{package['name']} {package['version']}: {each['id']}, fixed in "
        f"{', '.join(each['fix_versions']) or 'no version yet'}"
        for each in package["vulns"]
    ]


def _asked() -> str:
    try:
        done = subprocess.run(COMMAND, cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
