from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from accounts.domain.imports.scheduling import (
    Every,
    Way,
    fingerprints_in,
    next_fetch,
    same_server,
    shown_address,
)

TOKYO, BERLIN = ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/Berlin")
KEY = (
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMb0lDW9ySDvfbl8MlxDnCjnmbNBFuzYVC2pzT8Yzhaz root@example"
)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("zone", "now", "then"),
    [
        (TOKYO, "2026-11-30T18:59:59", "2026-11-30T19:00"),
        (TOKYO, "2026-11-30T19:00", "2026-12-01T19:00"),
        (BERLIN, "2026-11-30T02:59", "2026-11-30T03:00"),
        # The clock is put on from 2:00 to 3:00 and back from 3:00 to 2:00: four o'clock comes once.
        (BERLIN, "2026-03-28T04:00", "2026-03-29T02:00"),
        (BERLIN, "2026-10-24T03:00", "2026-10-25T03:00"),
    ],
)
def test_a_daily_fetch_comes_when_the_clock_of_the_zone_shows_its_hour(
    zone: ZoneInfo, now: str, then: str
) -> None:
    assert next_fetch(Every.DAY, hour=4, zone=zone, now=at(now)) == at(then)


def test_an_hour_that_a_night_does_not_have_is_not_left_out() -> None:
    after = next_fetch(Every.DAY, hour=2, zone=BERLIN, now=at("2026-03-28T12:00"))

    assert after == at("2026-03-29T01:00")


def test_an_hourly_fetch_comes_with_the_next_full_hour() -> None:
    found = next_fetch(Every.HOUR, hour=4, zone=TOKYO, now=at("2026-11-30T18:00"))

    assert found == at("2026-11-30T19:00")


def test_of_an_address_that_is_a_secret_little_is_shown() -> None:
    url = "https://example.com/export?token=abcdefgh"

    assert shown_address(url, Way.HTTPS) == "example.com/…efgh"
    assert shown_address("sftp://example.com:2222/out/a%20b.csv", Way.SFTP) == (
        "example.com:2222/out/a b.csv"
    )


def test_a_server_is_its_scheme_its_name_and_its_port() -> None:
    assert same_server("https://a.example/x", "https://a.example/y?z")
    assert not same_server("https://a.example/x", "https://a.example:8443/x")
    assert not same_server("https://a.example/x", "sftp://a.example/x")


def test_host_keys_are_known_in_each_form_that_they_are_given_in() -> None:
    (found,) = fingerprints_in(f"# example.com:22 SSH-2.0\nexample.com {KEY}\n")

    # As ssh-keygen -l says.
    assert found == "SHA256:UqJk+nmZ496r1F9y9L44luBQbVcGx83uoEjvCbFHulk"
    assert fingerprints_in(f"256 {found}= root@example (ED25519)\n{KEY}") == [found]
    assert fingerprints_in("anything else\n# SHA256:abc\nAAAA!") == []
