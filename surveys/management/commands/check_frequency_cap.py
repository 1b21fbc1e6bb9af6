from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from surveys.queries.proofs import frequency_violations


class Command(BaseCommand):
    help = (
        "Search all history for three counted sends to one person within 8,760 hours. "
        "Exit code 1 if there are any that one of our e-mails made."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        proof = frequency_violations()
        self.stdout.write(
            f"persons={proof.persons} sends={proof.sends} violations={proof.violations}"
        )
        for violation in proof.first:
            times = ", ".join(at.isoformat() for at in violation.sent_at)
            self.stderr.write(f"person {violation.person_id}: {times}")
        if proof.history:
            self.stderr.write(
                f"history={proof.history}: made by imported surveys, or known only from an import "
                "after our e-mail had left"
            )
        if proof.violations:
            sys.exit(1)
