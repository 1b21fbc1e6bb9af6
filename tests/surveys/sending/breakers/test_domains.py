from __future__ import annotations

import datetime as dt

import pytest

from surveys.domain.mail.breakers import WATCHED
from surveys.domain.mail.delivery import Phase
from surveys.models import DomainHealth
from surveys.sending.breakers.domains import NOBODY, OURS, RECENT_KEPT, Gate, as_rule, write
from surveys.sending.transports import current_transport
from surveys.sending.transports.smtp import classify
from surveys.sending.transports.smtp_connection import Reply
from surveys.services import slots
from tests.servers.fault_server import FaultServer
from tests.servers.services import free_port
from tests.surveys.helpers.queued import MINUTE, queued, send
from tests.world import NOW, SECOND, make_invitation, make_person, make_respondent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
BUSY = classify(Reply(Phase.RCPT, 421, "4.7.0 busy"))
AWAY = classify(Reply(Phase.CONNECT, None, "refused"))
FINE = classify(Reply(Phase.ACCEPTED, 250, "2.0.0 ok"))


def open_breaker(domain: str, *, now: dt.datetime = NOW) -> dt.datetime:
    return write(domain, [(now, True)] * 5).open_until


def test_domains_that_never_refused_leave_no_row():
    gate = Gate(["a.example"])
    for _ in range(20):
        gate.record("a.example", FINE, now=NOW)

    assert gate.pass_for("a.example", now=NOW) == ("a.example", OURS)
    assert DomainHealth.objects.count() == 0


def test_five_refusals_close_the_way_until_the_breaker_is_half_open():
    gate = Gate(["a.example"])
    for _ in range(5):
        gate.record("a.example", BUSY, now=NOW)

    assert gate.pass_for("a.example", now=NOW) == NOW + 5 * MINUTE
    assert gate.pass_for("b.example", now=NOW) == ("b.example", OURS)
    assert DomainHealth.objects.get().domain == "a.example"


def test_a_success_in_between_is_written_down_before_the_next_refusal():
    gate = Gate(["a.example"])
    for result in (BUSY, BUSY, FINE, BUSY, BUSY, BUSY):
        gate.record("a.example", result, now=NOW)

    assert DomainHealth.objects.get().refused_in_a_row == 3
    assert gate.pass_for("a.example", now=NOW) == ("a.example", OURS)


def test_successes_of_before_the_first_refusal_count_for_the_share():
    gate = Gate(["a.example"])
    for _ in range(9):
        gate.record("a.example", FINE, now=NOW)
    gate.record("a.example", BUSY, now=NOW)

    assert len(DomainHealth.objects.get().recent) == 10


def test_our_own_server_is_blamed_and_no_domain():
    gate = Gate(["a.example"])
    for _ in range(5):
        gate.record("a.example", AWAY, now=NOW)

    assert list(DomainHealth.objects.values_list("domain", flat=True)) == [OURS]
    assert gate.pass_for("b.example", now=NOW) == NOW + 5 * MINUTE


def test_one_probe_goes_for_all_workers_and_closes_the_breaker():
    half_open = open_breaker("a.example")
    first, second = Gate(["a.example"]), Gate(["a.example"])

    assert first.pass_for("a.example", now=half_open) == (NOBODY, OURS)
    assert second.pass_for("a.example", now=half_open) == half_open + MINUTE
    first.record("a.example", FINE, now=half_open)
    # The other worker reads again what it knew as open.
    assert second.pass_for("a.example", now=half_open) == ("a.example", OURS)


def test_workers_add_to_one_row_and_it_stays_small():
    for _ in range(2):
        write("a.example", [(NOW, True)] * 2)
    assert DomainHealth.objects.get().refused_in_a_row == 4

    write("a.example", [(NOW + WATCHED, False)] * (RECENT_KEPT + 9))
    row = DomainHealth.objects.get()
    assert (len(row.recent), row.refused_in_a_row) == (RECENT_KEPT, 0)


def test_a_row_is_read_as_it_was_written():
    written = write("a.example", [(NOW, True), (NOW + SECOND, False), (NOW + SECOND, True)])

    assert as_rule(DomainHealth.objects.get()) == written


def test_domain_breaker_opens_for_one_domain_and_lets_one_probe_through(mail_server):
    """R42."""
    rows = []
    for number in range(8):
        respondent = make_respondent(make_person(f"p{number}@busy.example"))
        rows += [make_invitation(respondent)]
        slots.reserve({rows[-1].person_id: rows[-1].pk}, now=NOW)
    other = queued(1)
    with FaultServer({"rcpt": "421 4.7.0 busy"}) as server:
        mail_server(server.port)
        counts = send(rows)
        assert counts == {"retry": 5, "put_off": 3}

        server.scripts = [{}]
        assert send(other) == {"sent": 1}
        assert send(rows[5:], now=NOW + 4 * MINUTE) == {"put_off": 3}
        probe = NOW + 5 * MINUTE
        assert {row.send_at for row in rows[5:]} == {probe}
        server.scripts = [{"rcpt": "421 4.7.0 busy"}]
        current_transport().close()
        assert send(rows[5:], now=probe) == {"retry": 1, "put_off": 2}
        server.scripts = [{}]
        assert send(rows[6:], now=probe + 15 * MINUTE) == {"sent": 2}


def test_dead_mail_server_opens_our_own_breaker_and_blames_no_domain(mail_server):
    rows = queued(7)
    mail_server(free_port())

    assert send(rows) == {"retry": 5, "put_off": 2}
    assert list(DomainHealth.objects.values_list("domain", flat=True)) == [""]
