from __future__ import annotations

import pytest

from surveys.domain.mail.delivery import AttemptOutcome, Phase, decide
from surveys.sending.transports.base import UnfitMail
from surveys.sending.transports.smtp_connection import Connection, Reply, Server
from tests.servers.fault_server import DROP, SILENCE, FaultServer
from tests.servers.services import free_port

MAIL = b"Subject: x\r\n\r\n.hello\r\n..twice\r\nbye\r\n"
LARGE = b"Subject: x\r\n\r\n" + b"0123456789012345678901234567890123456789\r\n" * 400_000


_opened: list[Connection] = []


@pytest.fixture(autouse=True)
def _closes_connections():
    yield
    while _opened:
        _opened.pop().close()


def connection_to(server: FaultServer, *, timeout: float = 5) -> Connection:
    address = Server(host="127.0.0.1", port=server.port, timeout=timeout, dot_timeout=timeout)
    _opened.append(Connection(address))
    return _opened[-1]


def send(connection: Connection, message: bytes = MAIL) -> Reply:
    return connection.send(sender="us@koe.example", recipient="you@a.example", message=message)


def outcome_of(reply: Reply) -> AttemptOutcome:
    return decide(reply.phase, code=reply.code, text=reply.text).outcome


# The scripts of R33: what fails, where the reply says it ended, with which code, what it means.
SCRIPTS = [
    ({"greeting": "421 busy"}, Phase.GREETING, 421, AttemptOutcome.RETRY),
    ({"greeting": DROP}, Phase.GREETING, None, AttemptOutcome.RETRY),
    ({"greeting": "554 no service"}, Phase.GREETING, 554, AttemptOutcome.RETRY),
    ({"mail": "451 later"}, Phase.MAIL, 451, AttemptOutcome.RETRY),
    ({"mail": "550 not you"}, Phase.MAIL, 550, AttemptOutcome.RETRY),
    ({"rcpt": "450 4.2.1 later"}, Phase.RCPT, 450, AttemptOutcome.RETRY),
    ({"rcpt": "550 5.1.1 nobody"}, Phase.RCPT, 550, AttemptOutcome.FAILED),
    ({"rcpt": DROP}, Phase.RCPT, None, AttemptOutcome.RETRY),
    ({"data": "451 later"}, Phase.DATA, 451, AttemptOutcome.RETRY),
    ({"data": "554 no"}, Phase.DATA, 554, AttemptOutcome.FAILED),
    ({"data": DROP}, Phase.DATA, None, AttemptOutcome.RETRY),
    ({"dot": "451 4.3.0 later"}, Phase.DOT_WRITTEN, 451, AttemptOutcome.RETRY),
    ({"dot": "554 5.6.0 content"}, Phase.DOT_WRITTEN, 554, AttemptOutcome.FAILED),
    ({"dot": DROP}, Phase.DOT_WRITTEN, None, AttemptOutcome.UNKNOWN),
]


@pytest.mark.parametrize("pipelining", [False, True])
@pytest.mark.parametrize(("script", "phase", "code", "outcome"), SCRIPTS)
def test_fault_tells_how_far_the_mail_got(script, phase, code, outcome, pipelining):
    with FaultServer(script, pipelining=pipelining) as server:
        reply = send(connection_to(server))

    assert (reply.phase, reply.code, outcome_of(reply)) == (phase, code, outcome)
    assert server.accepted == []


def test_silence_after_the_final_dot_is_unknown():
    with FaultServer({"dot": SILENCE}) as server:
        reply = send(connection_to(server, timeout=0.3))

    assert (reply.phase, reply.code, outcome_of(reply)) == (
        Phase.DOT_WRITTEN,
        None,
        AttemptOutcome.UNKNOWN,
    )


@pytest.mark.parametrize("step", ["greeting", "mail", "rcpt", "data"])
def test_silence_before_the_final_dot_is_retried(step):
    with FaultServer({step: SILENCE}) as server:
        reply = send(connection_to(server, timeout=0.3))

    assert (reply.code, outcome_of(reply)) == (None, AttemptOutcome.RETRY)


def test_hang_up_inside_the_body_is_retried():
    with FaultServer({"body": DROP}) as server:
        reply = send(connection_to(server), LARGE)

    assert (reply.phase, reply.code, outcome_of(reply)) == (Phase.BODY, None, AttemptOutcome.RETRY)


def test_refused_connection_is_retried():
    reply = send(Connection(Server(host="127.0.0.1", port=free_port())))

    assert (reply.phase, reply.code, outcome_of(reply)) == (
        Phase.CONNECT,
        None,
        AttemptOutcome.RETRY,
    )


def test_loss_at_quit_changes_nothing():
    with FaultServer({"quit": DROP}) as server:
        connection = connection_to(server)
        reply = send(connection)
        connection.quit()

    assert (reply.phase, reply.code, outcome_of(reply)) == (
        Phase.ACCEPTED,
        250,
        AttemptOutcome.SENT,
    )


def test_message_arrives_byte_for_byte():
    with FaultServer() as server:
        send(connection_to(server))

    assert server.accepted == [MAIL]


@pytest.mark.parametrize("pipelining", [False, True])
def test_connection_is_kept_from_mail_to_mail(pipelining):
    with FaultServer(pipelining=pipelining) as server:
        connection = connection_to(server)
        replies = [send(connection).phase for _ in range(3)]

    assert replies == [Phase.ACCEPTED] * 3
    assert server.connections == 1


@pytest.mark.parametrize("pipelining", [False, True])
def test_refused_recipient_is_reset_and_the_next_mail_goes(pipelining):
    """Where a pipelining server wants a body for nobody, it gets a hang-up and no empty mail."""
    with FaultServer(pipelining=pipelining) as server:
        connection = connection_to(server)
        server.once["rcpt"] = "550 5.1.1 nobody"
        replies = [send(connection).phase, send(connection).phase]

    assert replies == [Phase.RCPT, Phase.ACCEPTED]
    assert server.accepted == [MAIL]
    assert ("rset" in server.commands, server.connections) == (not pipelining, 1 + pipelining)


@pytest.mark.parametrize("goodbye", ["421 too many mails", DROP])
def test_stale_connection_is_reopened_within_the_same_attempt(goodbye):
    with FaultServer() as server:
        connection = connection_to(server)
        first = send(connection)
        server.once["mail"] = goodbye
        second = send(connection)

    assert (first.phase, second.phase) == (Phase.ACCEPTED, Phase.ACCEPTED)
    assert (len(server.accepted), server.connections) == (2, 2)


def test_fault_of_a_fresh_connection_is_not_tried_twice():
    with FaultServer({"mail": DROP}) as server:
        reply = send(connection_to(server))

    assert (reply.phase, server.connections) == (Phase.MAIL, 1)


@pytest.mark.parametrize(
    "message",
    [
        b"Subject: a\n\nbare line feed\r\n",
        b"Subject: a\r\n\r\nbare\rreturn\r\n",
        b"Subject: a\r\n\r\n\0\r\n",
        "Subject: あ\r\n\r\n".encode(),
        b"Subject: a\r\n\r\nend\r\n.\nMAIL FROM:<x@y>\r\n",
    ],
)
def test_message_that_could_smuggle_never_reaches_the_wire(message):
    with FaultServer() as server:
        with pytest.raises(UnfitMail):
            send(connection_to(server), message)

        assert server.connections == 0


@pytest.mark.parametrize(
    "address",
    ["a@b.example>\r\nRCPT TO:<c@d", "a b@c.example", "あ@b.example", "", "nobody", "a<@b"],
)
def test_address_that_is_no_envelope_address_never_reaches_the_wire(address):
    with FaultServer() as server:
        with pytest.raises(UnfitMail):
            connection_to(server).send(sender="us@koe.example", recipient=address, message=MAIL)

        assert server.connections == 0


def test_international_domain_goes_as_punycode():
    with FaultServer() as server:
        connection_to(server).send(sender="us@koe.example", recipient="taro@例え.jp", message=MAIL)

    assert "RCPT TO:<taro@xn--r8jz45g.jp>" in server.commands


def test_interruption_leaves_the_phase_to_read(monkeypatch):
    """A task's time limit is an exception out of nowhere, also while waiting after the dot."""

    class TimeLimit(Exception):
        pass

    with FaultServer() as server:
        connection = connection_to(server)
        send(connection)
        getreply = connection._smtp.getreply

        def interrupted():
            if connection.phase is Phase.DOT_WRITTEN:
                raise TimeLimit
            return getreply()

        monkeypatch.setattr(connection._smtp, "getreply", interrupted)
        with pytest.raises(TimeLimit):
            send(connection)

    assert connection.phase is Phase.DOT_WRITTEN
