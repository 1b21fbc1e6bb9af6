"""Settings read from the environment: a wrong value stops the start with one clear sentence."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()


def wrong(name: str, instead: str) -> ImproperlyConfigured:
    """Starts are logged: the password of an address is not repeated, whatever signs it has."""
    pattern = r"^((?:[^/@:]*:(?=//))?(?://)?[^/@:]*):(?!//).*@"
    shown = re.sub(pattern, r"\1:***@", env.str(name, default=""), flags=re.DOTALL)
    return ImproperlyConfigured(f"{name}={shown!r} cannot be used: {instead}")


def boolean(name: str, *, default: bool) -> bool:
    value = env.str(name, default=str(default)).strip().lower()
    if value not in {"true", "false", "1", "0"}:
        raise wrong(name, "write True or False.")
    return value in {"true", "1"}


def integer(name: str, *, default: int, low: int, high: int) -> int:
    value = env.str(name, default=str(default)).strip()
    if not value.isdecimal() or not low <= int(value) <= high:
        raise wrong(name, f"write a whole number from {low} to {high}.")
    return int(value)


def choice(name: str, *, default: str, choices: Collection[str]) -> str:
    value: str = env.str(name, default=default)
    if value not in choices:
        raise wrong(name, f"write one of {', '.join(choices)}.")
    return value


def currency(name: str) -> str:
    value: str = env.str(name, default="").strip()
    if value and not (len(value) == 3 and value.isascii() and value.isalpha() and value.isupper()):
        raise wrong(name, "write three capital letters, such as JPY.")
    return value


def time_zone(name: str, *, default: str) -> str:
    value: str = env.str(name, default=default)
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise wrong(name, "write a zone of the IANA list, such as Asia/Tokyo.") from None
    return value


def web_address(name: str, *, default: str) -> str:
    """An http(s) address of a host and nothing behind it, in small letters as it is compared."""
    value: str = env.str(name, default=default).rstrip("/")
    host = _host(value)
    meant = {f"{scheme}://{(host or '').lower()}" for scheme in ("http", "https")}
    if not host or "@" in host or value not in meant:
        raise wrong(name, "write an address such as https://koe.example.com.")
    return value


def hosts(name: str, *, site: str) -> list[str]:
    """Those that requests may name; left out, that of the site and the names of this machine."""
    given = [each.strip() for each in env.str(name, default="").split(",") if each.strip()]
    local = ["localhost", "127.0.0.1", "[::1]"]
    return given or list(dict.fromkeys([urlsplit(site).hostname or "", *local]))


def database(name: str, *, default: str) -> dict[str, Any]:
    instead = "write sqlite:////absolute/path or postgres://user:password@host/name."
    if _scheme(env.str(name, default=default)) not in {"sqlite", "postgres", "postgresql"}:
        raise wrong(name, instead)
    try:
        config: dict[str, Any] = env.db_url(name, default=default)
    except ValueError:
        raise wrong(name, instead) from None
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = {
            # A writer takes its lock at BEGIN: the cap and the claim read and write in one piece.
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            # FULL: after a loss of power no answer that was acknowledged is missing, and no claim
            # is forgotten whose mail went out. With NORMAL a WAL keeps the last commits in memory.
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                "PRAGMA cache_size=-64000; PRAGMA temp_store=MEMORY;"
            ),
        }
    else:
        config["CONN_MAX_AGE"] = 60
        config["CONN_HEALTH_CHECKS"] = True
    return config


def mail_server(name: str, *, default: str) -> dict[str, Any]:
    instead = "write smtp://user:password@host:port (smtp+tls:// or smtp+ssl://)."
    schemes = {"smtp", "smtps", "smtp+ssl", "smtp+tls"}
    if _scheme(env.str(name, default=default)) not in schemes:
        raise wrong(name, instead)
    try:
        config: dict[str, Any] = env.email_url(name, default=default)
    except ValueError:
        raise wrong(name, instead) from None
    return config


def bounce_address(name: str) -> str:
    """Its local part leaves room for the invitation and its proof in the 64 octets of RFC 5321."""
    value: str = env.str(name, default="")
    local, _, domain = value.rpartition("@")
    if value and (not local or len(local) > 28 or "+" in local or not domain):
        raise wrong(name, "write an address such as bounces@example.com, at most 28 before the @.")
    return value


def redis_address(name: str, *, default: str) -> str:
    value: str = env.str(name, default=default)
    if _scheme(value) not in {"redis", "rediss", "unix"} or _host(value) is None:
        raise wrong(name, "write redis://host:port/0.")
    return value


def secret(name: str, *, file: Path) -> str:
    """The environment's secret, else one made once and kept in a file only we can read."""
    value: str = env.str(name, default="")
    if value:
        return value
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError), open(file, "x", opener=_private) as handle:
            handle.write(secrets.token_urlsafe(50))
        return file.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"{file} cannot be written or read ({error}): set {name}."
        ) from error


def _scheme(address: str) -> str:
    """Of any address: a password may have signs that no parser takes, such as `[`."""
    return address.partition(":")[0].lower()


def _host(address: str) -> str | None:
    """With its port; None where they cannot be told."""
    try:
        parts = urlsplit(address)
        return parts.netloc if parts.port is None or parts.port else None
    except ValueError:
        return None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
