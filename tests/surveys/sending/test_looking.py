"""The last look at a mail, with the statement under way while the mail server is answering."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections, transaction

from surveys.domain.states import CampaignState
from surveys.models import Attempt, Campaign, Invitation
from surveys.sending import claim
from surveys.sending.batch import send_batch
from surveys.sending.claim import Mail
from surveys.sending.looking import Look
from surveys.sending.mails import read_mails
from surveys.services import slots
from tests.world import NOW, make_campaign, make_invitation, make_respondent

# Really committed: on PostgreSQL nothing is left under way within a transaction.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def queued(number: int = 1) -> list[Invitation]:
    campaign = make_campaign()
    rows = [make_invitation(make_respondent(), campaign) for _ in range(number)]
    for row in rows:
        slots.reserve({row.person_id: row.pk}, now=NOW)
    return rows


@pytest.fixture
def mail() -> Mail:
    [row] = queued()
    [mail] = read_mails([row.pk], kind=Attempt.Kind.SURVEY, now=NOW)
    assert isinstance(mail, Mail)
    assert claim.settle_and_claim([], [mail], worker="me", now=NOW) == {mail.key}
    return mail


def elsewhere(work) -> None:
    """On another connection, as another process would."""

    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def pause() -> None:
    Campaign.objects.update(state=CampaignState.PAUSED)


def ask(mail: Mail) -> Look:
    look = Look(mail, now=NOW)
    look.ask()
    return look


def test_look_tells_whether_the_claim_still_holds(mail):
    assert ask(mail).answer()
    elsewhere(pause)
    assert not ask(mail).answer()
    # Asked anew, as for a mail whose connection had to be opened again.
    look = ask(mail)
    look.ask()
    assert not look.answer()


def test_look_that_nobody_waited_for_leaves_the_connection_as_it_was(mail):
    look = ask(mail)
    look.close()

    assert Invitation.objects.get().state == "sending"
    assert look.answer()


def test_rollback_makes_the_driver_forget_and_the_look_is_answered_all_the_same(mail):
    assert ask(mail).answer()
    for _ in range(2):
        with transaction.atomic():
            Invitation.objects.get()
            transaction.set_rollback(True)
        assert ask(mail).answer()
        assert Invitation.objects.count() == 1


def test_connection_lost_while_the_look_is_under_way_is_looked_at_anew(mail):
    if connection.vendor != "postgresql":
        pytest.skip("nothing is under way on SQLite")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()

    def kill() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])

    assert ask(mail).answer()
    look = Look(mail, now=NOW)
    elsewhere(kill)
    look.ask()
    assert look.answer()


def test_pause_while_the_mail_server_answers_stops_this_very_mail(sink, monkeypatch):
    """R39: the look comes after the first word to the server, not before."""
    rows = queued(3)
    real = Look.ask

    def pausing(look: Look) -> None:
        if look._mail.invitation_id == rows[1].pk:
            elsewhere(pause)
        real(look)

    monkeypatch.setattr(Look, "ask", pausing)
    counts = send_batch([row.pk for row in rows], clock=lambda: NOW)

    assert dict(+counts) == {"sent": 1, "not_claimed": 2}
    assert sink.recipients == [rows[0].email]
    assert [row.state for row in Invitation.objects.order_by("pk")] == ["sent", "queued", "queued"]
