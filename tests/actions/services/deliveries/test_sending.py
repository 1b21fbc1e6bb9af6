"""Deliveries under faults: claimed once, settled by whoever has them, and never forgotten."""

from __future__ import annotations

import datetime as dt
import json
import smtplib
import threading
import time
from base64 import b64decode
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from actions.domain.alerts.names import EventName
from actions.domain.deliveries.notes import posted
from actions.domain.deliveries.retrying import HOLDS, LEASE
from actions.domain.deliveries.signing import secret_from, signed_headers
from actions.models import Channel, Delivery
from actions.services.deliveries import sending
from actions.services.deliveries.channels import send_trial
from actions.services.deliveries.queueing import Draft, queue
from actions.services.deliveries.sending import deliver_lane
from common.net.outgoing import Refused, Reply, Unreachable
from common.secrets.sealing import seal, unseal
from tests.actions.alerting import make_channel, states, tick
from tests.actions.following import OWNER, answered
from tests.servers.receiver import Receiver
from tests.staffing import make_staff
from tests.world import DAY, HOUR, NOW, SECOND

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def replies(monkeypatch) -> list[Any]:
    """What comes back for the next posts; then 200. What was posted is in `replies.posted`."""

    class Replies(list):
        posted: list[tuple[str, dict[str, str], dict[str, Any]]] = []

    found = Replies()
    found.posted = []

    def answer(url: str, body: bytes, headers: dict[str, str]) -> Reply:
        found.posted.append((url, headers, json.loads(body)))
        reply = found.pop(0) if found else 200
        if isinstance(reply, Exception):
            raise reply
        status, *more = reply if isinstance(reply, tuple) else (reply,)
        return Reply(status, *(more or ({}, b"said")))

    monkeypatch.setattr(sending, "post", answer)
    return found


def row() -> Delivery:
    """Beside it, the admins may be told that it failed."""
    return Delivery.objects.exclude(event=EventName.FAILED).get()


def test_a_post_is_signed_and_carries_the_same_id_at_every_try(replies) -> None:
    channel = make_channel(kind="webhook")
    send_trial(channel, now=NOW)
    replies.extend([500])

    assert [tick(NOW), tick(NOW + 5 * SECOND), tick(NOW + 20 * SECOND)] == [0, 0, 1]

    first, second = replies.posted
    secret = unseal(channel.sealed_secret) or ""
    for (url, headers, body), at in ((first, NOW), (second, NOW + 20 * SECOND)):
        assert url == "https://hooks.example.org/T1/secret"
        raw = json.dumps(body, ensure_ascii=False).encode()
        signed = signed_headers(secret, message_id=f"msg_{row().public_id.hex}", at=at, body=raw)
        assert signed.items() <= headers.items()
    assert first[1]["webhook-id"] == second[1]["webhook-id"]
    assert len(b64decode(secret.removeprefix("whsec_"))) == 32
    found = row()
    assert (found.state, found.attempts, found.status_code, found.error) == ("sent", 2, 200, "")
    assert found.settled_at == NOW + 20 * SECOND


def test_a_fault_is_told_in_words_and_after_three_days_it_has_failed(replies) -> None:
    send_trial(make_channel(), now=NOW)
    replies.extend([Refused("private"), Unreachable("timeout"), (404, {}, b"no_service\n")] * 4)

    seen, at = [], NOW
    while row().state == "waiting":
        tick(at)
        seen.append((row().status_code, row().error))
        at = max(row().next_at, at + SECOND)

    assert seen[:3] == [(None, "private"), (None, "timeout"), (404, "no_service")]
    assert (len(seen), row().state) == (10, "failed")
    assert 3 * DAY < row().settled_at - NOW < 4 * DAY


def test_a_receiver_that_is_busy_is_left_alone_as_long_as_it_asks(replies) -> None:
    send_trial(make_channel(), now=NOW)
    replies.append((429, {"Retry-After": "3600"}, b""))

    tick(NOW)

    assert row().next_at == NOW + HOUR


def test_a_channel_that_is_gone_is_switched_off_once_and_the_admins_are_told(replies) -> None:
    channel = make_channel()
    for _ in range(3):
        send_trial(channel, now=NOW)
    replies.append(410)

    tick(NOW)
    tick(NOW + SECOND)

    channel.refresh_from_db()
    assert (channel.disabled, channel.disabled_at) == ("gone", NOW)
    assert [state for _, state in states()] == ["failed"] * 3 + ["sent"]
    assert len(replies.posted) == 1
    (message,) = mail.outbox
    assert message.to == ["admin@koe.example"]
    assert message.subject == "The channel Board is switched off"


def test_a_worker_that_is_killed_before_it_settles_leaves_what_is_sent_again(
    replies, monkeypatch
) -> None:
    send_trial(make_channel(), now=NOW)

    class Killed(BaseException):
        pass

    def killed(*_: Any, **__: Any) -> dict[str, object]:
        raise Killed

    with monkeypatch.context() as planted:
        planted.setattr(sending, "_settled", killed)
        with pytest.raises(Killed):
            tick(NOW)
    assert (len(replies.posted), row().state, row().attempts) == (1, "waiting", 1)

    assert tick(NOW + LEASE - SECOND) == 0
    # No task came through: the tick finds it.
    assert tick(NOW + LEASE) == 1
    assert len({headers.get("User-Agent") for _, headers, _ in replies.posted}) == 1
    assert (len(replies.posted), row().state, row().attempts) == (2, "sent", 2)


def test_whoever_comes_back_late_settles_nothing(replies, monkeypatch) -> None:
    """The lease of the first ran out while it was waiting for its answer."""
    send_trial(make_channel(), now=NOW)
    inner: list[int] = []
    calls: list[str] = []

    def slow(url: str, *_: Any) -> Reply:
        calls.append(url)
        if len(calls) == 1:
            inner.append(tick(NOW + LEASE))
            return Reply(500, {}, b"too late")
        return Reply(200, {}, b"")

    monkeypatch.setattr(sending, "post", slow)
    tick(NOW)

    assert inner == [1]
    assert (row().state, row().attempts, row().status_code) == ("sent", 2, 200)


def test_a_channel_that_is_away_holds_up_nobody_else_and_is_asked_once_a_tick(replies) -> None:
    away, well = make_channel(name="A"), make_channel("https://hooks.example.org/2", name="B")
    for channel in (away, away, away, well, well):
        send_trial(channel, now=NOW)
    replies.append(Unreachable("timeout"))

    assert tick(NOW) == 2
    assert [url[-1] for url, *_ in replies.posted] == ["t", "2", "2"]


def test_they_leave_in_the_order_in_which_they_were_queued(replies) -> None:
    channel = make_channel(kind="webhook")
    for _ in range(3):
        send_trial(channel, now=NOW)

    tick(NOW)

    ids = [f"msg_{each.public_id.hex}" for each in Delivery.objects.order_by("pk")]
    assert [headers["webhook-id"] for _, headers, _ in replies.posted] == ids


def in_order(*channels: Channel) -> None:
    drafts = [
        Draft(f"event:{number}", EventName.TEST, NOW, channel=channel, in_order=True)
        for number, channel in enumerate(channels)
    ]
    queue(drafts, now=NOW)


def test_what_is_in_order_waits_for_what_comes_before_it_and_nothing_else_does(replies) -> None:
    channel = make_channel()
    in_order(channel, channel)
    send_trial(channel, now=NOW)
    replies.append(404)

    assert [tick(NOW), tick(NOW + SECOND)] == [0, 1]  # the test alone
    assert [tick(NOW + 10 * SECOND), tick(NOW + 20 * SECOND)] == [0, 2]
    keys = Delivery.objects.order_by("settled_at", "pk").values_list("key", flat=True)
    assert [each[:7] for each in keys][1:] == ["event:0", "event:1"]


def test_what_a_receiver_never_takes_holds_up_the_others_for_an_hour(replies) -> None:
    channel = make_channel()
    in_order(channel, channel)
    replies.extend([500] * 4)
    at = NOW
    while at < NOW + HOLDS:
        tick(at)
        at += 60 * SECOND
    assert len(replies.posted) == 4
    assert tick(NOW + HOLDS) == 1
    assert Delivery.objects.get(key="event:0").state == "waiting"


def test_each_try_is_in_the_log(replies) -> None:
    send_trial(make_channel(), now=NOW)
    replies.extend([500, Unreachable("timeout")])

    for at in (NOW, NOW + 20 * SECOND, NOW + HOUR):
        tick(at)

    tries = row().tries.values_list("status_code", "error", "at")
    assert list(tries) == [
        (500, "said", NOW),
        (None, "timeout", NOW + 20 * SECOND),
        (200, "", NOW + HOUR),
    ]


def test_a_slow_receiver_has_its_turn_again_after_the_others(replies, monkeypatch) -> None:
    slow = make_channel()
    send_trial(slow, now=NOW)
    send_trial(slow, now=NOW)
    monkeypatch.setattr(sending, "SLOW_MILLISECONDS", -1)

    assert [tick(NOW), tick(NOW), tick(NOW)] == [1, 1, 0]


def test_an_address_that_can_no_longer_be_read_is_told_of(replies, settings) -> None:
    send_trial(make_channel(), now=NOW)
    settings.SECRET_KEY = "another"

    tick(NOW)

    assert (row().error, replies.posted) == ("sealed", [])


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (smtplib.SMTPRecipientsRefused({OWNER: (450, b"4.2.0 busy")}), 450, "4.2.0 busy"),
        (smtplib.SMTPAuthenticationError(535, b"who?"), 535, "who?"),
        (smtplib.SMTPDataError(451, b"later"), 451, "later"),
        (smtplib.SMTPServerDisconnected("hung up"), None, "hung up"),
        (ConnectionRefusedError(111, "Connection refused"), None, "[Errno 111] Connection refused"),
        (TimeoutError("timed out"), None, "timeout"),
    ],
)
def test_an_e_mail_that_is_refused_is_tried_again_and_shown(
    monkeypatch, error: Exception, status: int | None, words: str
) -> None:
    make_staff("cs", OWNER)
    answered(2)

    def refuse(*_: Any, **__: Any) -> int:
        raise error

    with monkeypatch.context() as planted:
        planted.setattr(mail.EmailMessage, "send", refuse)
        tick(NOW + 40 * SECOND)
    assert (row().state, row().status_code, row().error) == ("waiting", status, words)

    assert tick(NOW + 60 * SECOND) == 1
    first = mail.outbox[0].extra_headers["Message-ID"]
    assert row().public_id.hex in first


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({OWNER: (550, b"5.1.1 unknown")}),
        smtplib.SMTPDataError(554, b"5.1.1 unknown"),
    ],
)
def test_an_e_mail_that_is_refused_for_good_is_given_up_at_once(monkeypatch, error) -> None:
    make_staff("cs", OWNER)
    answered(2)

    def refuse(*_: Any, **__: Any) -> int:
        raise error

    monkeypatch.setattr(mail.EmailMessage, "send", refuse)
    tick(NOW + 40 * SECOND)

    failed = Delivery.objects.get(event="answer.owner")
    assert (failed.state, failed.attempts, failed.error) == ("failed", 1, "5.1.1 unknown")


def test_a_fault_of_ours_holds_up_nothing_behind_it(replies, monkeypatch) -> None:
    channel = make_channel()
    send_trial(channel, now=NOW)
    send_trial(channel, now=NOW)
    written = posted
    calls: list[int] = []

    def breaks(*args: Any, **more: Any) -> tuple[bytes, str]:
        calls.append(1)
        if len(calls) == 1:
            raise KeyError("x")
        return written(*args, **more)

    monkeypatch.setattr(sending, "posted", breaks)

    assert tick(NOW) == 1
    assert [(each.state, each.error) for each in Delivery.objects.order_by("pk")] == [
        ("waiting", "KeyError"),
        ("sent", ""),
    ]


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_has_it() -> None:
    channel = make_channel()
    for _ in range(4):
        send_trial(channel, now=NOW)
    posts: list[str] = []
    gate = threading.Barrier(4)

    def worker() -> None:
        try:
            gate.wait()
            deliver_lane(f"channel-{channel.pk}", clock=lambda: NOW)
        finally:
            connection.close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sending, "post", lambda *_: posts.append("x") or Reply(200, {}, b""))
        threads = [threading.Thread(target=worker) for _ in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()

    assert len(posts) == 4
    assert set(Delivery.objects.values_list("state", "attempts")) == {("sent", 1)}


@pytest.mark.django_db(transaction=True)
def test_many_workers_leave_what_is_in_order_in_its_order() -> None:
    channel = make_channel()
    in_order(*[channel] * 6)
    posts: list[str] = []
    gate = threading.Barrier(4)

    def post(_: str, __: bytes, headers: dict[str, str]) -> Reply:
        time.sleep(0.02)
        posts.append(headers["webhook-id"])
        return Reply(200, {}, b"")

    def worker() -> None:
        try:
            gate.wait()
            for _ in range(12):
                deliver_lane(f"channel-{channel.pk}", clock=lambda: NOW)
        finally:
            connection.close()

    Channel.objects.update(kind="webhook", sealed_secret=seal(secret_from(b"k" * 32)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sending, "post", post)
        threads = [threading.Thread(target=worker) for _ in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()

    rows = Delivery.objects.order_by("pk").values_list("public_id", flat=True)
    assert posts == [f"msg_{each.hex}" for each in rows]


def test_a_real_server_takes_what_is_sent(settings) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with Receiver() as server:
        send_trial(make_channel(server.url, kind="teams"), now=NOW)
        assert tick(NOW) == 1
    assert json.loads(server.taken[0].body)["type"] == "message"
    assert isinstance(Channel.objects.get().shown, str)


def test_the_clock_of_a_task_ends_it(replies) -> None:
    channel = make_channel()
    for _ in range(4):
        send_trial(channel, now=NOW)
    moments = iter(NOW + dt.timedelta(seconds=12 * number) for number in range(100))

    assert deliver_lane(f"channel-{channel.pk}", clock=lambda: next(moments)) < 4
