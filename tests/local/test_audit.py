from __future__ import annotations

import json

from local.audit import judge


def test_an_audit_without_findings_passes() -> None:
    report = {"dependencies": [{"name": "django", "version": "5.2.19", "vulns": []}]}

    assert judge(json.dumps(report), "") == (True, "")


def test_an_audit_with_a_finding_fails_and_names_the_version_that_is_fixed() -> None:
    weakness = {"id": "CVE-2026-1", "fix_versions": ["5.2.20"]}
    report = {"dependencies": [{"name": "django", "version": "5.2.19", "vulns": [weakness]}]}

    assert judge(json.dumps(report), "") == (False, "django 5.2.19: CVE-2026-1, fixed in 5.2.20")


def test_an_audit_that_could_not_ask_says_so_and_passes() -> None:
    assert judge("", "Traceback\nrequests.ConnectionError: no route to host\n") == (
        True,
        "skipped: advisory service not reachable (requests.ConnectionError: no route to host)",
    )
