from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from local import audit

FINE = {"name": "redis", "version": "6.4.0", "vulns": []}
SKIPPED = {"name": "vine", "skip_reason": "Dependency not found on PyPI: vine (5.1.0)"}
VULNERABLE = {
    "name": "django",
    "version": "5.2.19",
    "vulns": [
        {"id": "CVE-2026-1", "fix_versions": ["5.2.20", "6.0.1"]},
        {"id": "CVE-2026-2", "fix_versions": []},
    ],
}


def said(*packages: dict[str, Any]) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


@pytest.fixture(autouse=True)
def _note_elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(audit, "NOTE", tmp_path / "var" / "not-audited")
    monkeypatch.delenv("AUDIT", raising=False)


@pytest.mark.parametrize(
    ("report", "code", "lines"),
    [
        (said(FINE), 0, []),
        (
            said(FINE, VULNERABLE),
            1,
            [
                "django 5.2.19: CVE-2026-1, fixed in 5.2.20, 6.0.1",
                "django 5.2.19: CVE-2026-2, fixed in no version yet",
            ],
        ),
        # All but one were looked up: that one is none that we can vouch for.
        (said(FINE, SKIPPED), 1, ["vine: Dependency not found on PyPI: vine (5.1.0)"]),
        (said(SKIPPED, SKIPPED), 0, [audit.NOBODY]),
        ("", 0, [audit.NOBODY]),
        ("requests.ConnectionError: no route to host", 0, [audit.NOBODY]),
    ],
)
def test_an_audit_says_what_it_found_or_that_it_asked_nobody(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    report: str,
    code: int,
    lines: list[str],
) -> None:
    monkeypatch.setattr(audit, "_asked", lambda: report)

    assert audit.main() == code
    assert capsys.readouterr().out.splitlines() == lines
    # `make check` does not call that passed.
    note = audit.NOTE.read_text()
    assert note == (
        " but the audit, which reached no advisory service" if not code and lines else ""
    )


def test_before_a_release_somebody_must_have_been_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIT", "required")
    for report, code in ((said(SKIPPED), 1), ("", 1), (said(FINE), 0)):
        monkeypatch.setattr(audit, "_asked", lambda report=report: report)
        assert audit.main() == code
