from __future__ import annotations

import pytest

from accounts.domain.contactability import SuppressionReason
from surveys.domain.eligibility import Reason
from surveys.domain.mail.delivery import AttemptOutcome, Phase, decide
from surveys.domain.reasons import (
    BY_SUPPRESSION,
    InvitationReason,
    lost_at,
    reason_of,
    refusal_code,
    refused_at,
)


@pytest.mark.parametrize(
    ("stored", "reason", "code"),
    [
        ("imported", InvitationReason.IMPORTED, ""),
        ("capped", InvitationReason.CAPPED, ""),
        ("550_at_rcpt", InvitationReason.REFUSED, "550"),
        ("421_at_greeting", InvitationReason.REFUSED, "421"),
        ("554_at_dot_written", InvitationReason.REFUSED, "554"),
        ("lost_at_body", InvitationReason.LOST, ""),
        ("lost_after_final_dot", InvitationReason.LOST_AFTER_FINAL_DOT, ""),
        ("", None, ""),
        ("IMPORTED", None, ""),
        ("holiday", None, ""),
        ("550_at_rcpt ", None, ""),
    ],
)
def test_each_text_that_was_ever_stored_has_its_reason(
    stored: str, reason: InvitationReason | None, code: str
) -> None:
    assert reason_of(stored) is reason
    assert refusal_code(stored) == code


@pytest.mark.parametrize("phase", Phase)
def test_steps_of_a_failed_mail_are_read_back(phase: Phase) -> None:
    assert lost_at(phase) == f"lost_at_{phase.value}"
    assert reason_of(lost_at(phase)) is InvitationReason.LOST
    assert reason_of(refused_at(phase, code=451)) is InvitationReason.REFUSED


@pytest.mark.parametrize("code", [None, 354, 421, 450, 550])
@pytest.mark.parametrize("phase", Phase)
def test_whatever_a_mail_server_does_has_a_reason(phase: Phase, code: int | None) -> None:
    verdict = decide(phase, code=code)

    # An accepted mail keeps no reason on its row.
    assert verdict.outcome is AttemptOutcome.SENT or reason_of(verdict.reason)


def test_what_speaks_against_a_person_is_one_word_before_and_after_planning() -> None:
    assert BY_SUPPRESSION.keys() == set(SuppressionReason)
    assert {Reason(reason).value for reason in BY_SUPPRESSION.values()} == set(
        BY_SUPPRESSION.values()
    )
