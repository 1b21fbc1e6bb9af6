from __future__ import annotations

import pytest

from surveys.domain.mail.delivery import Phase
from surveys.sending.transports.smtp import SmtpTransport, classify
from surveys.sending.transports.smtp_connection import Reply
from tests.servers.fault_server import FaultServer
from tests.servers.sink import Sink


def send(transport: SmtpTransport):
    return transport.send(
        b"Subject: x\r\n\r\nbody\r\n",
        sender="a@koe.example",
        recipient="b@b.example",
    )


@pytest.mark.parametrize(
    ("phase", "code", "text", "outcome", "ours"),
    [
        (Phase.CONNECT, None, "refused", "retry", True),
        (Phase.GREETING, 554, "no", "retry", True),
        (Phase.MAIL, 550, "5.7.1 not you", "retry", True),
        (Phase.RCPT, 550, "5.1.1 nobody", "failed", False),
        (Phase.RCPT, 450, "4.2.0 later", "retry", False),
        (Phase.DOT_WRITTEN, None, "", "unknown", False),
        (Phase.ACCEPTED, 250, "2.0.0 ok", "sent", False),
    ],
)
def test_a_reply_says_what_follows_and_whose_side_it_was_on(
    phase, code, text, outcome, ours
) -> None:
    result = classify(Reply(phase, code, text))

    assert (result.phase, result.code, result.text) == (phase, code, text)
    assert (result.verdict.outcome, result.at_our_server) == (outcome, ours)


def test_the_enhanced_status_of_the_reply_is_read() -> None:
    """550 alone at RCPT is a missing mailbox; 5.7.1 is our reputation."""
    assert classify(Reply(Phase.RCPT, 550, "nobody")).verdict.bounce == "hard"
    assert classify(Reply(Phase.RCPT, 550, "5.7.1 blocked")).verdict.bounce == "policy"


def test_the_connection_is_kept_until_the_settings_name_another_server(mail_server) -> None:
    with FaultServer() as first, Sink() as second:
        mail_server(first.port)
        transport = SmtpTransport()
        assert [send(transport).verdict.outcome for _ in range(2)] == ["sent", "sent"]
        assert first.connections == 1

        mail_server(second.port)
        assert send(transport).verdict.outcome == "sent"
        transport.close()

    assert (len(first.accepted), len(second.received)) == (2, 1)


@pytest.mark.parametrize(("phase", "outcome"), [("body", "retry"), ("dot_written", "unknown")])
def test_an_interruption_is_judged_by_how_far_the_mail_got(phase, outcome) -> None:
    transport = SmtpTransport()
    transport.connection.phase = Phase(phase)

    assert transport.interrupted().verdict.outcome == outcome
