from __future__ import annotations

from surveys.domain.mail.delivery import AttemptOutcome
from surveys.sending import Letter, send_letter
from tests.servers.fault_server import DROP, FaultServer
from tests.servers.sink import Sink
from tests.world import NOW

LETTER = Letter(
    unique="a1b2",
    to="yamada@customer.example",
    author="鈴木 花子",
    reply_to="suzuki@koe.example",
    subject="ご回答の件\r\nBcc: everybody@customer.example",
    text="山田様\r\n.\r\nお返事です。",
)


def test_it_is_the_organisations_and_answers_go_to_its_author(settings, mail_server) -> None:
    settings.ORGANISATION_NAME = "Koe K.K."
    settings.DEFAULT_FROM_EMAIL = "Surveys <survey@koe.example>"
    with Sink() as sink:
        mail_server(sink.port)
        assert send_letter(LETTER, now=NOW).verdict.outcome is AttemptOutcome.SENT

    (mail,) = sink.received
    message = mail.message
    assert mail.content.isascii()
    assert (mail.sender, mail.recipient) == ("survey@koe.example", "yamada@customer.example")
    assert message["From"].addresses[0].display_name == "鈴木 花子 · Koe K.K."
    assert message["Reply-To"] == "suzuki@koe.example"
    assert mail.message_id == "<a1b2@koe.example>"
    # A subject of two lines is no further header.
    assert message["Subject"].strip() == "ご回答の件 Bcc: everybody@customer.example"
    assert message["Bcc"] is None
    assert message.get_content().split() == ["山田様", ".", "お返事です。"]


def test_how_far_it_got_says_what_follows(mail_server) -> None:
    scripts = [{"rcpt": "550 5.1.1 nobody"}, {"rcpt": "450 4.2.0 later"}, {"dot": DROP}]
    with FaultServer(*scripts) as server:
        mail_server(server.port)
        found = [send_letter(LETTER, now=NOW).verdict.outcome for _ in scripts]
    assert found == [AttemptOutcome.FAILED, AttemptOutcome.RETRY, AttemptOutcome.UNKNOWN]


def test_an_address_that_no_server_takes_is_refused_before_anything_is_sent() -> None:
    unfit = Letter("a", "やま@customer.example", "", "a@koe.example", "x", "x")
    assert send_letter(unfit, now=NOW).verdict.outcome is AttemptOutcome.FAILED
