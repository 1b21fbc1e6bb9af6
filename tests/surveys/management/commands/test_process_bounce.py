from __future__ import annotations

import io
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from surveys.models import Invitation
from surveys.sending import LARGEST_BOUNCE
from surveys.sending.events.bounce_address import bounce_address
from tests.surveys.helpers.bounced import dsn
from tests.world import NOW, make_invitation, make_respondent

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent() -> Invitation:
    return make_invitation(make_respondent(), state="sent", sent_at=NOW)


def test_command_takes_a_pipe_and_a_maildir(sent, tmp_path, monkeypatch, capsys):
    raw = dsn(to="survey@koe.example", extra=f"X-Invitation-Ref: {sent.public_id}")
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
    call_command("process_bounce")
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "1").write_bytes(raw)
    (tmp_path / "new" / "2").write_bytes(b"\xff\xfe nonsense")
    call_command("process_bounce", maildir=tmp_path)

    assert capsys.readouterr().out == "kept\n1: repeated\n2: ignored\n"
    assert sorted(each.name for each in (tmp_path / "cur").iterdir()) == ["1:2,S", "2:2,S"]


def test_command_reads_no_endless_mail_and_takes_the_recipient_from_the_server(
    sent, settings, monkeypatch, capsys
):
    settings.BOUNCE_ADDRESS = "bounces@koe.example"
    endless = io.BytesIO(dsn(to="someone@koe.example") + b"x" * LARGEST_BOUNCE)
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=endless))

    call_command("process_bounce", recipient=bounce_address(sent.pk, now=timezone.now(), sender=""))

    assert (capsys.readouterr().out, endless.tell()) == ("kept\n", LARGEST_BOUNCE)


def test_command_names_a_folder_that_is_no_maildir(tmp_path):
    with pytest.raises(CommandError, match="it has no folder new"):
        call_command("process_bounce", maildir=tmp_path)
