from __future__ import annotations

import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from local import ROOT
from local.inbox.files import find_mails, part_text
from tests.servers.services import free_port


@pytest.fixture
def server(tmp_path: Path) -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "local.inbox.server", str(port), str(tmp_path / "mail")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Keeping e-mails that arrive on 127.0.0.1:")
        yield port
        process.terminate()
        assert process.wait(timeout=10) == 0


def survey(*, to: str, subject: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "survey@koe.example"
    message["To"] = to
    message["Subject"] = subject
    message.set_content("0から10でお答えください\n")
    message.add_alternative("<p>0から10で<b>お答え</b>ください</p>\n", subtype="html")
    return message


def test_a_mail_sent_is_a_mail_kept(server: int, tmp_path: Path) -> None:
    with smtplib.SMTP("127.0.0.1", server) as client:
        client.send_message(survey(to="hana@example.jp", subject="ご意見をお聞かせください"))
        client.send_message(survey(to="bob@example.com", subject="How are we doing?"))

    mails = {mail.recipient: mail for mail in find_mails(tmp_path / "mail")}
    newest, oldest = mails["bob@example.com"], mails["hana@example.jp"]
    assert (newest.subject, oldest.subject) == ("How are we doing?", "ご意見をお聞かせください")
    assert abs(newest.received_at.timestamp() - time.time()) < 60
    message = oldest.message()
    assert part_text(message, "plain") == "0から10でお答えください\n"
    assert part_text(message, "html") == "<p>0から10で<b>お答え</b>ください</p>\n"


def test_a_mail_that_cannot_be_kept_is_not_accepted(server: int, tmp_path: Path) -> None:
    (tmp_path / "mail" / "tmp").rmdir()

    with (
        smtplib.SMTP("127.0.0.1", server) as client,
        pytest.raises(smtplib.SMTPDataError) as caught,
    ):
        client.send_message(survey(to="bob@example.com", subject="Lost?"))

    assert caught.value.smtp_code == 452
