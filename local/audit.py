"""Known weaknesses in what Koe runs on. A service that is out of reach fails nothing."""

from __future__ import annotations

import json
import subprocess
import sys

COMMAND = [
    *(sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes"),
    *("-r", "requirements.txt", "--format", "json", "--progress-spinner", "off"),
    *("--timeout", "15"),
]
SECONDS = 180
OUT_OF_REACH = "skipped: advisory service not reachable"


def judge(report: str, errors: str) -> tuple[bool, str]:
    """Whether all is well, and what is to be said."""
    try:
        packages = json.loads(report)["dependencies"]
    except (ValueError, KeyError, TypeError):
        last = (errors.strip().splitlines() or ["no answer"])[-1]
        return True, f"{OUT_OF_REACH} ({last[:120]})"
    found = [
        f"{package['name']} {package['version']}: {weakness['id']}, fixed in "
        f"{', '.join(weakness['fix_versions']) or 'no version yet'}"
        for package in packages
        for weakness in package.get("vulns", [])
    ]
    return not found, "\n".join(found)


def main() -> int:
    try:
        result = subprocess.run(COMMAND, capture_output=True, text=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        print(f"{OUT_OF_REACH} (no answer in time)")
        return 0
    ok, said = judge(result.stdout, result.stderr)
    print(said or "nothing known")
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
