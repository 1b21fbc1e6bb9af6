from __future__ import annotations

import json

from local.checks import Outcome, judge_audit


def test_an_audit_without_findings_passes() -> None:
    report = {"dependencies": [{"name": "django", "version": "5.2.19", "vulns": []}]}

    assert judge_audit(json.dumps(report), "") == Outcome(True, "")


def test_an_audit_with_a_finding_fails_and_names_the_mend() -> None:
    weakness = {"id": "CVE-2026-1", "fix_versions": ["5.2.20"]}
    report = {"dependencies": [{"name": "django", "version": "5.2.19", "vulns": [weakness]}]}

    assert judge_audit(json.dumps(report), "") == Outcome(
        False, "django 5.2.19: CVE-2026-1, mended in 5.2.20"
    )


def test_an_audit_that_could_not_ask_is_told_and_passes() -> None:
    outcome = judge_audit("", "Traceback\nrequests.ConnectionError: no route to host\n")

    assert outcome == Outcome(
        True,
        "skipped: advisory service not reachable (requests.ConnectionError: no route to host)",
    )
