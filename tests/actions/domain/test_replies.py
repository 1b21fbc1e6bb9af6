from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from actions.domain.replies import LONGEST_ADDRESS, MOST_TRIES, mailto, next_try, quoted
from tests.world import NOW


def test_a_try_waits_longer_each_time_and_the_last_is_the_last() -> None:
    waits = [next_try(tries, now=NOW) for tries in range(1, MOST_TRIES + 1)]

    assert [(at - NOW).total_seconds() / 60 for at in waits[:-1] if at] == [
        2,
        4,
        8,
        16,
        32,
        64,
        128,
    ]
    assert waits[-1] is None


def test_what_was_said_is_quoted_line_by_line_and_without_words_the_score() -> None:
    assert quoted("Too slow.\r\n\r\nAnd dear.\n", 3) == "> Too slow.\n>\n> And dear."
    assert quoted(" ", 3) == "> 3 / 10"


def test_the_address_for_ones_own_program_holds_the_facts_and_is_never_too_long() -> None:
    short = urlsplit(mailto("y+1@c.example", subject="A & B?", text="one\ntwo & 100%"))
    assert (short.scheme, short.path) == ("mailto", "y%2B1@c.example")
    assert parse_qs(short.query) == {"subject": ["A & B?"], "body": ["one\r\ntwo & 100%"]}

    long = mailto("y@c.example", subject="件名", text="長い" * 2000)
    assert LONGEST_ADDRESS * 0.85 < len(long) <= LONGEST_ADDRESS
    assert parse_qs(urlsplit(long).query)["body"][0].endswith("い…") or long.endswith("%E2%80%A6")
