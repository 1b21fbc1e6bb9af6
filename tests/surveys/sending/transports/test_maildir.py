from __future__ import annotations

from pathlib import Path

import pytest

from surveys.sending.transports.maildir import MaildirTransport

MESSAGE = b"Subject: x\r\n\r\nbody\r\n"


def send(transport: MaildirTransport):
    return transport.send(MESSAGE, sender="bounces@koe.example", recipient="a@b.example")


def test_a_mail_is_a_file_with_its_envelope_that_appears_whole(tmp_path: Path, monkeypatch) -> None:
    seen: list[Path] = []
    monkeypatch.setattr("os.fsync", lambda _: seen.extend(tmp_path.rglob("*.eml")))
    result = send(MaildirTransport(tmp_path))

    [kept] = tmp_path.rglob("*.eml")
    assert [path.parent.name for path in seen] == ["tmp"]
    assert (kept.parent.name, kept.name) == ("new", result.text)
    envelope = b"Return-Path: <bounces@koe.example>\r\nDelivered-To: a@b.example\r\n"
    assert kept.read_bytes() == envelope + MESSAGE
    assert (result.phase, result.code, result.verdict.outcome) == ("kept", 250, "sent")
    assert not result.at_our_server


@pytest.mark.parametrize("in_the_way", ["tmp", "new"])
def test_a_folder_that_takes_no_mail_is_our_fault_and_tried_again(tmp_path, in_the_way) -> None:
    (tmp_path / in_the_way).write_text("")

    result = send(MaildirTransport(tmp_path))

    assert (result.verdict.outcome, result.verdict.reason) == ("retry", "lost_at_writing")
    assert (result.at_our_server, result.verdict.domain_refused) == (True, True)


class Killed(BaseException):
    pass


def test_interrupted_while_writing_is_tried_again(tmp_path, monkeypatch) -> None:
    transport = MaildirTransport(tmp_path)

    def killed(_: int) -> None:
        raise Killed

    monkeypatch.setattr("os.fsync", killed)
    with pytest.raises(Killed):
        send(transport)
    assert list((tmp_path / "new").iterdir()) == []
    assert transport.interrupted().verdict.outcome == "retry"


def test_interrupted_at_or_after_the_move_is_unknown(tmp_path, monkeypatch) -> None:
    transport = MaildirTransport(tmp_path)

    def moved_then_killed(path: Path, target: Path) -> None:
        path.replace(target)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", moved_then_killed)
        with pytest.raises(Killed):
            send(transport)
    assert len(list((tmp_path / "new").iterdir())) == 1
    assert transport.interrupted().verdict.outcome == "unknown"
    send(transport)
    # The next mail starts afresh.
    assert transport.interrupted().phase == "kept"
