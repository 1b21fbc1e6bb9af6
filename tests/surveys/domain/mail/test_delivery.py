from __future__ import annotations

import pytest

from surveys.domain.mail.bounces import BounceKind
from surveys.domain.mail.delivery import (
    AttemptOutcome,
    Phase,
    Verdict,
    decide,
)

P = Phase
SENT, RETRY, FAILED, UNKNOWN = (
    AttemptOutcome.SENT,
    AttemptOutcome.RETRY,
    AttemptOutcome.FAILED,
    AttemptOutcome.UNKNOWN,
)


def verdict(outcome: AttemptOutcome, reason: str, *flags: str | BounceKind) -> Verdict:
    bounce = next((flag for flag in flags if isinstance(flag, BounceKind)), None)
    set_ = [flag for flag in flags if not isinstance(flag, BounceKind)]
    return Verdict(outcome, reason, bounce=bounce, **dict.fromkeys(set_, True))


DOMAIN_REFUSED = "domain_refused"
HARD, SOFT, POLICY = BounceKind.HARD, BounceKind.SOFT, BounceKind.POLICY
TRANSIENT = BounceKind.TRANSIENT


@pytest.mark.parametrize(
    ("phase", "code", "reply", "expected"),
    [
        # not connected, or greeted badly
        (P.CONNECT, None, "", verdict(RETRY, "lost_at_connect", DOMAIN_REFUSED)),
        (P.CONNECT, 421, "", verdict(RETRY, "421_at_connect", DOMAIN_REFUSED)),
        (P.GREETING, 421, "busy", verdict(RETRY, "421_at_greeting", DOMAIN_REFUSED)),
        (P.GREETING, 554, "no", verdict(RETRY, "554_at_greeting", DOMAIN_REFUSED)),
        # dropped at greeting, at RCPT, inside DATA: no final dot
        (P.GREETING, None, "", verdict(RETRY, "lost_at_greeting", DOMAIN_REFUSED)),
        (P.MAIL, None, "", verdict(RETRY, "lost_at_mail", DOMAIN_REFUSED)),
        (P.RCPT, None, "", verdict(RETRY, "lost_at_rcpt", DOMAIN_REFUSED)),
        (P.DATA, None, "", verdict(RETRY, "lost_at_data", DOMAIN_REFUSED)),
        (P.BODY, None, "", verdict(RETRY, "lost_at_body", DOMAIN_REFUSED)),
        (P.RCPT, 250, "ok", verdict(RETRY, "lost_at_rcpt", DOMAIN_REFUSED)),
        (P.DATA, 354, "go", verdict(RETRY, "lost_at_data", DOMAIN_REFUSED)),
        # the sender is refused
        (P.MAIL, 451, "4.3.0 later", verdict(RETRY, "451_at_mail", DOMAIN_REFUSED)),
        (P.MAIL, 550, "5.7.1 no", verdict(RETRY, "550_at_mail", "stop_campaign")),
        (P.MAIL, 530, "", verdict(RETRY, "530_at_mail", "stop_campaign")),
        # the recipient is refused
        (P.RCPT, 450, "", verdict(RETRY, "450_at_rcpt")),
        (P.RCPT, 450, "4.2.0 greylisted", verdict(RETRY, "450_at_rcpt", SOFT)),
        (P.RCPT, 451, "4.7.1 greylisted", verdict(RETRY, "451_at_rcpt", DOMAIN_REFUSED, SOFT)),
        (P.RCPT, 451, "", verdict(RETRY, "451_at_rcpt", DOMAIN_REFUSED)),
        (P.RCPT, 452, "4.2.2 full", verdict(RETRY, "452_at_rcpt", SOFT)),
        (P.RCPT, 421, "4.2.1 bye", verdict(RETRY, "421_at_rcpt", DOMAIN_REFUSED, SOFT)),
        (P.RCPT, 432, "4.3.2 slots", verdict(RETRY, "432_at_rcpt", DOMAIN_REFUSED, TRANSIENT)),
        (P.RCPT, 550, "5.1.1 no such user", verdict(FAILED, "550_at_rcpt", HARD)),
        (P.RCPT, 550, "", verdict(FAILED, "550_at_rcpt", HARD)),
        (P.RCPT, 551, "", verdict(FAILED, "551_at_rcpt", HARD)),
        (P.RCPT, 553, "", verdict(FAILED, "553_at_rcpt", HARD)),
        (P.RCPT, 554, "", verdict(FAILED, "554_at_rcpt")),
        (P.RCPT, 550, "5.7.1 policy", verdict(FAILED, "550_at_rcpt", DOMAIN_REFUSED, POLICY)),
        (
            P.RCPT,
            550,
            "5.1.1 blocked using x",
            verdict(FAILED, "550_at_rcpt", DOMAIN_REFUSED, POLICY),
        ),
        (
            P.RCPT,
            550,
            "5.4.1 Recipient address rejected: Access denied",
            verdict(FAILED, "550_at_rcpt", HARD),
        ),
        (P.RCPT, 554, "user unknown", verdict(FAILED, "554_at_rcpt", HARD)),
        (P.RCPT, 550, "5.7.515 DMARC", verdict(FAILED, "550_at_rcpt", DOMAIN_REFUSED, POLICY)),
        (P.RCPT, 552, "5.2.2 full", verdict(FAILED, "552_at_rcpt", SOFT)),
        (P.RCPT, 550, "5.4.4 no route", verdict(FAILED, "550_at_rcpt", TRANSIENT)),
        # refused at DATA or after the dot
        (P.DATA, 451, "", verdict(RETRY, "451_at_data", DOMAIN_REFUSED)),
        (P.DATA, 554, "", verdict(FAILED, "554_at_data")),
        (P.DATA, 550, "", verdict(FAILED, "550_at_data")),
        (P.DOT_WRITTEN, 452, "4.3.1", verdict(RETRY, "452_at_dot_written", DOMAIN_REFUSED)),
        (P.DOT_WRITTEN, 550, "", verdict(FAILED, "550_at_dot_written")),
        (P.DOT_WRITTEN, 550, "5.1.1", verdict(FAILED, "550_at_dot_written", HARD)),
        (
            P.DOT_WRITTEN,
            554,
            "5.7.1",
            verdict(FAILED, "554_at_dot_written", DOMAIN_REFUSED, POLICY),
        ),
        # dropped or silent after the dot
        (P.DOT_WRITTEN, None, "", verdict(UNKNOWN, "lost_after_final_dot", DOMAIN_REFUSED)),
        # accepted; dropped at QUIT after 250
        (P.DOT_WRITTEN, 250, "queued", verdict(SENT, "accepted")),
        (P.ACCEPTED, 250, "", verdict(SENT, "accepted")),
        (P.ACCEPTED, None, "", verdict(SENT, "accepted")),
        (P.ACCEPTED, 421, "", verdict(SENT, "accepted")),
    ],
)
def test_decide_by_phase_and_reply(
    phase: Phase, code: int | None, reply: str, expected: Verdict
) -> None:
    assert decide(phase, code=code, text=reply) == expected


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("code", [None, 250, 354, 421, 450, 550, 599])
def test_unknown_only_after_the_dot_without_an_answer(phase: Phase, code: int | None) -> None:
    unknown = decide(phase, code=code).outcome is UNKNOWN
    assert unknown is (phase is P.DOT_WRITTEN and code is None)
