from __future__ import annotations

import time

import pytest

from surveys.domain.mail.bounces import (
    LONGEST,
    BounceKind,
    EnhancedStatus,
    classify,
    parse_enhanced_status,
)

K = BounceKind


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("5.1.1 no such user", "5.1.1"),
        ("550 5.1.1 no such user", "5.1.1"),
        ("550-5.7.26 unauthenticated", "5.7.26"),
        (" 4.2.2\tfull", "4.2.2"),
        ("5.7.515", "5.7.515"),
        ("2.0.0 ok", "2.0.0"),
        ("5.1.1: gone", "5.1.1"),
        ("gone (#5.1.1).", "5.1.1"),
        ("smtp;452 4.2.2 over quota", "4.2.2"),
        ("host mx.example[10.5.1.1] said: 550 5.2.1 closed", "5.2.1"),
        ("5.0.0 -> 550 5.1.1 unknown", "5.1.1"),
        ("5.0.0 what it is", "5.0.0"),
    ],
)
def test_status_is_found_wherever_it_stands(text: str, status: str) -> None:
    assert str(parse_enhanced_status(text)) == status


@pytest.mark.parametrize(
    "text",
    [
        *("", "no such user", "5.1.2.3 is blocked", "550 user", "3.1.1", "5.1", "5.1.1234"),
        *("Exim/4.9.1", "mx-5.1.1.example", "10.4.4.1"),
    ],
)
def test_text_without_status_gives_none(text: str) -> None:
    assert parse_enhanced_status(text) is None


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        *[((5, 1, detail), K.HARD) for detail in (0, 1, 2, 3, 6, 10)],
        *[((5, 2, 1), K.HARD), ((5, 7, 17), K.HARD)],
        *[((5, 1, 7), K.POLICY), ((5, 1, 8), K.POLICY), ((5, 7, 1), K.POLICY)],
        *[((5, 7, 515), K.POLICY), ((4, 7, 0), K.POLICY)],
        *[((5, 2, 2), K.SOFT), ((4, 2, 2), K.SOFT), ((4, 1, 1), K.SOFT), ((4, 2, 1), K.SOFT)],
        *[((5, 3, 4), K.SOFT), ((5, 6, 1), K.SOFT)],
        *[((5, 4, 4), K.TRANSIENT), ((4, 4, 7), K.TRANSIENT), ((5, 4, 1), K.TRANSIENT)],
        *[((5, 0, 0), None), ((5, 5, 0), None), ((2, 1, 5), None)],
    ],
)
def test_status_by_its_class(status: tuple[int, int, int], kind: BounceKind | None) -> None:
    assert classify(status=EnhancedStatus(*status)) is kind


# Case 25, and what mailbox providers say.
SAID = [
    ("smtp; 550 5.4.1 Recipient address rejected: Access denied. AS(201806281)", K.HARD),
    ("smtp; 550 5.5.0 Requested action not taken: mailbox unavailable", K.HARD),
    ("smtp; 550 5.1.1 <x>: user unknown", K.HARD),
    ("550 5.2.1 The email account that you tried to reach is disabled.", K.HARD),
    ("554 delivery error: dd This user doesn't have a yahoo.co.jp account", K.HARD),
    ("550 Unknown user hanako@docomo.example", K.HARD),
    ("550 5.7.1 Unknown User", K.HARD),
    ("550 5.0.350 Remote server returned an error -> 550 #5.1.0 Address rejected.", K.HARD),
    ("host mx.antispam.example[10.5.1.1] said: 550 5.1.1 user unknown", K.HARD),
    ("smtp;452 4.2.2 The mailbox is over quota", K.SOFT),
    ("smtp;451 4.7.1 Greylisted, try again later", K.SOFT),
    ("450 4.2.0 mailbox unavailable", K.SOFT),
    ("552 5.3.4 Message too big", K.SOFT),
    ("554 5.2.0 STOREDRV.Deliver; mailbox full", K.SOFT),
    ("smtp; 550 5.1.1 Service unavailable; client host blocked using a blocklist", K.POLICY),
    ("554 5.7.1 Client host [192.0.2.1] blocked using zen.spamhaus.org", K.POLICY),
    ("smtp; 550 5.7.1 rejected due to reputation", K.POLICY),
    ("550-5.7.26 Unauthenticated email is not accepted due to domain's DMARC policy", K.POLICY),
    ("550 5.1.8 Sender address rejected: Domain does not exist", K.POLICY),
    ("550 This message looks like spam", K.POLICY),
    ("X-Postfix; Host or domain name not found. Name service error", None),
    ("550 Mail content denied", None),
]


@pytest.mark.parametrize(("text", "kind"), SAID)
def test_what_servers_say(text: str, kind: BounceKind | None) -> None:
    assert classify(text) is kind


def test_a_field_that_hides_the_cause_gives_way_to_the_words() -> None:
    hidden = EnhancedStatus(5, 0, 0)

    assert classify("smtp; 550 5.1.1 <x>: gone", status=hidden) is K.HARD
    assert classify("smtp; 550 5.7.1 no", status=hidden) is K.POLICY
    assert classify("smtp; 550 Unknown User", status=hidden) is K.HARD
    assert classify("5.1.1 blocked using x", status=EnhancedStatus(5, 1, 1)) is K.POLICY


def test_words_of_a_provider_stand_behind_those_of_the_server() -> None:
    assert classify("smtp;452 4.2.2 full", word=K.HARD) is K.SOFT
    assert classify("550 5.1.1 user unknown", word=K.SOFT) is K.HARD
    assert classify("action: failed", word=K.SOFT) is K.SOFT


@pytest.mark.parametrize(
    "word", [K.REPLY, K.CHALLENGE, K.COMPLAINT, K.OPT_OUT, K.POLICY], ids=lambda each: each.value
)
def test_what_the_provider_knows_no_text_changes(word: BounceKind) -> None:
    assert classify("I am away, 550 5.1.1 user unknown, mailbox full", word=word) is word


def test_a_bare_code_speaks_of_the_mailbox_only_where_it_answered_the_address() -> None:
    assert classify("no", code=550, at_recipient=True) is K.HARD
    assert classify("no", code=554, at_recipient=True) is None
    assert classify("no", code=550) is None


def test_a_hostile_text_is_judged_at_once() -> None:
    began = time.perf_counter()
    for sign in ("user ", "sender ", "account" * 3, "4.", "5.5.5", "not ", "a" * 9 + " "):
        classify(sign * (2**20 // len(sign)))
    assert time.perf_counter() - began < 2
    assert classify("x" * LONGEST + " user unknown") is None
