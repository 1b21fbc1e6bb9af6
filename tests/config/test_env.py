from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db.utils import ConnectionHandler

from config import env
from tests.config.starting import start


def test_the_password_of_a_wrong_address_is_not_repeated(tmp_path: Path) -> None:
    message = start(tmp_path, DATABASE_URL="mysql://koe:pa:ss@word@db.example.com/koe")

    assert message.startswith("DATABASE_URL='mysql://koe:***@db.example.com/koe' cannot be used")
    assert "pa:ss" not in message


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("mysql://koe:pa:ss@word@db.example.com/koe", "mysql://koe:***@db.example.com/koe"),
        ("mysql://koe:pa/ss@db.example.com/koe", "mysql://koe:***@db.example.com/koe"),
        (
            "postgres://koe:pass@db.example.com:port/koe",
            "postgres://koe:***@db.example.com:port/koe",
        ),
        ("koe:pa//ss@db.example.com/koe", "koe:***@db.example.com/koe"),
        ("//:pass@db.example.com/koe", "//:***@db.example.com/koe"),
        ("db.example.com:5432/koe", "db.example.com:5432/koe"),
    ],
)
def test_no_password_is_repeated_whatever_is_wrong_with_the_address(
    monkeypatch: pytest.MonkeyPatch, given: str, shown: str
) -> None:
    monkeypatch.setenv("TRIED", given)

    with pytest.raises(ImproperlyConfigured, match="cannot be used") as caught:
        env.database("TRIED", default="")

    assert str(caught.value).startswith(f"TRIED={shown!r} cannot be used")


def test_a_secret_that_cannot_be_read_is_told_in_one_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "secret_key"
    folder.mkdir()

    with pytest.raises(ImproperlyConfigured, match=r"cannot be written or read .*: set TRIED\.$"):
        env.secret("TRIED", file=folder)


def test_sqlite_puts_each_commit_on_disk_before_it_is_acknowledged(tmp_path: Path) -> None:
    shown = "settings.DATABASES['default']['OPTIONS']['init_command']"

    assert "synchronous=FULL" in start(tmp_path, show=shown)


@pytest.mark.django_db
def test_a_writer_on_sqlite_takes_its_lock_when_its_transaction_begins(tmp_path: Path) -> None:
    """Else two that read the same slot would both find it free, and one of them fail later."""
    file = tmp_path / "koe.sqlite3"
    config = env.database("UNSET", default=f"sqlite:///{file}")
    writer = ConnectionHandler({"default": config})["default"]
    other = sqlite3.connect(file, timeout=0, isolation_level=None)
    writer.ensure_connection()

    writer.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    with pytest.raises(sqlite3.OperationalError, match="database is locked"):
        other.execute("BEGIN IMMEDIATE")
    writer.rollback()

    other.execute("BEGIN IMMEDIATE")
    other.close()
    writer.close()


READERS: dict[str, Callable[[], object]] = {
    "boolean": lambda: env.boolean("TRIED", default=False),
    "integer": lambda: env.integer("TRIED", default=2, low=1, high=65_000),
    "choice": lambda: env.choice("TRIED", default="en", choices=("ja", "en")),
    "time zone": lambda: env.time_zone("TRIED", default="UTC"),
    "web": lambda: env.web_address("TRIED", default="http://127.0.0.1:8000/"),
    "hosts": lambda: env.hosts("TRIED", site="https://koe.example.com:8443"),
    "database": lambda: env.database("TRIED", default="sqlite:////tmp/koe.sqlite3")["ENGINE"],
    "mail": lambda: env.mail_server("TRIED", default="smtp://127.0.0.1:25")["EMAIL_PORT"],
    "bounce": lambda: env.bounce_address("TRIED"),
    "redis": lambda: env.redis_address("TRIED", default="redis://127.0.0.1:6379/0"),
}


@pytest.mark.parametrize(
    ("what", "given", "value"),
    [
        ("boolean", None, False),
        ("boolean", " TRUE ", True),
        ("boolean", "0", False),
        ("integer", None, 2),
        ("integer", " 65000 ", 65_000),
        ("choice", "ja", "ja"),
        ("time zone", "Asia/Tokyo", "Asia/Tokyo"),
        ("web", None, "http://127.0.0.1:8000"),
        ("web", "https://koe.example.com/", "https://koe.example.com"),
        ("web", "http://[::1]:8000", "http://[::1]:8000"),
        ("hosts", None, ["koe.example.com", "localhost", "127.0.0.1", "[::1]"]),
        ("hosts", " a.example, .b.example ,", ["a.example", ".b.example"]),
        ("database", "postgres://koe:secret@db/koe", "django.db.backends.postgresql"),
        ("database", "postgres://koe:se[cret@db/koe", "django.db.backends.postgresql"),
        ("mail", "smtp+tls://u:p@mail.example:587", 587),
        ("bounce", None, ""),
        ("bounce", "x" * 28 + "@example.com", "x" * 28 + "@example.com"),
        ("redis", "unix:///run/redis.sock", "unix:///run/redis.sock"),
    ],
)
def test_a_good_value_is_taken(
    monkeypatch: pytest.MonkeyPatch, what: str, given: str | None, value: object
) -> None:
    if given is not None:
        monkeypatch.setenv("TRIED", given)

    assert READERS[what]() == value


@pytest.mark.parametrize(
    ("what", "given", "instead"),
    [
        ("boolean", "yes", "write True or False."),
        ("integer", "0", "write a whole number from 1 to 65000."),
        ("integer", "65001", "write a whole number from 1 to 65000."),
        ("integer", "8e3", "write a whole number from 1 to 65000."),
        ("integer", "", "write a whole number from 1 to 65000."),
        ("choice", "fr", "write one of ja, en."),
        ("time zone", "JST+9", "write a zone of the IANA list"),
        ("time zone", "../../etc/passwd", "write a zone of the IANA list"),
        ("web", "koe.example.com", "write an address such as https://koe.example.com."),
        ("web", "HTTPS://koe.example.com", "write an address such as https://koe.example.com."),
        ("web", "https://Koe.example.com", "write an address such as https://koe.example.com."),
        ("web", "https://koe.example.com/nps", "write an address such as https://koe.example.com."),
        ("web", "https://koe.example.com?a", "write an address such as https://koe.example.com."),
        ("web", "https://me@koe.example.com", "write an address such as https://koe.example.com."),
        ("web", "https://", "write an address such as https://koe.example.com."),
        ("database", "mysql://koe@db/koe", "write sqlite:////absolute/path or postgres://"),
        ("mail", "mail.example:25", "write smtp://user:password@host:port"),
        ("bounce", "bounces", "at most 28 before the @."),
        ("bounce", "a+b@example.com", "at most 28 before the @."),
        ("bounce", "x" * 29 + "@example.com", "at most 28 before the @."),
        ("redis", "127.0.0.1:6379", "write redis://host:port/0."),
        ("web", "https://[koe.example.com", "write an address such as https://koe.example.com."),
        ("web", "https://koe.example.com:https", "write an address such as https://koe"),
        ("database", "postgres://db:port/koe", "write sqlite:////absolute/path or postgres://"),
        ("mail", "smtp://mail.example:smtp", "write smtp://user:password@host:port"),
        ("redis", "redis://cache:port/0", "write redis://host:port/0."),
    ],
)
def test_a_wrong_value_stops_the_start_with_one_sentence(
    monkeypatch: pytest.MonkeyPatch, what: str, given: str, instead: str
) -> None:
    monkeypatch.setenv("TRIED", given)

    with pytest.raises(ImproperlyConfigured, match=re.escape(instead)) as caught:
        READERS[what]()

    assert str(caught.value).startswith(f"TRIED={given!r} cannot be used: ")


def test_a_secret_is_made_once_and_only_we_can_read_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "var" / "secret_key"

    made = env.secret("TRIED", file=file)

    assert len(made) >= 50
    assert env.secret("TRIED", file=file) == made == file.read_text()
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    monkeypatch.setenv("TRIED", "of the environment")
    assert env.secret("TRIED", file=file) == "of the environment"
    monkeypatch.delenv("TRIED")
    with pytest.raises(ImproperlyConfigured, match=r"cannot be written or read .*: set TRIED\.$"):
        env.secret("TRIED", file=Path("/proc/koe/secret_key"))
