from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from accounts.models import AuditSeal
from tests.accounts.auditing import note


@pytest.mark.django_db
def test_the_command_seals_and_tells() -> None:
    note(1)
    said = StringIO()

    call_command("check_audit_log", stdout=said)

    last = AuditSeal.objects.get().digest
    assert said.getvalue() == f"events=1 sealed=1 last={last} faults=0\n"
    with pytest.raises(SystemExit):
        call_command("check_audit_log", contains="0" * 64, stdout=said, stderr=said)
