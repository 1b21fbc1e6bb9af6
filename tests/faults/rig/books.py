"""What the database says became of the mails, held to what the mail server saw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone

from surveys.models import Attempt, Invitation
from surveys.queries.delivery import balances, findings
from surveys.queries.proofs import frequency_violations
from tests.faults.rig.stack import states

ENDED = {"sent", "unknown", "failed", "skipped", "cancelled"}


@dataclass(frozen=True, slots=True)
class Accepted:
    at: float
    message_id: str
    recipient: str


def read_accepted(path: Path) -> list[Accepted]:
    rows = (line.split("\t") for line in path.read_text().splitlines())
    return [Accepted(float(at), message_id, recipient) for at, message_id, recipient in rows]


def must_be_zero(accepted: Sequence[Accepted]) -> dict[str, int]:
    """After any fault, once nothing is under way any more."""
    message_ids = Counter(each.message_id for each in accepted)
    known = dict(Invitation.objects.values_list("message_id", "state"))
    sent = {message_id for message_id, state in known.items() if state == "sent"}
    may_be_out = {message_id for message_id, state in known.items() if state == "unknown"}
    return {
        "mails accepted twice": sum(times - 1 for times in message_ids.values()),
        "violations that check_frequency_cap finds": frequency_violations().violations,
        "lost: called sent, never accepted": len(sent - set(message_ids)),
        "lost: accepted, called something else": len(set(message_ids) - sent - may_be_out),
        "lost: in no end state": sum(n for state, n in states().items() if state not in ENDED),
        "campaigns that do not balance": sum(not each.holds for each in balances()),
        "findings of check_deliveries": len(list(findings(now=timezone.now()))),
        "attempts without an outcome": Attempt.objects.filter(outcome="").count(),
    }
