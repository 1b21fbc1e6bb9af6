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

from config.mail_providers import HOSTS, SIGN_WITH_A_KEY

env = environ.Env()
# What Django's own deployment check asks of a key.
KEY_LENGTH, KEY_SIGNS = 50, 5


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
    """An absolute http(s) address without the slash at its end."""
    value: str = env.str(name, default=default).rstrip("/")
    if _scheme(value) not in {"http", "https"} or not _host(value):
        raise wrong(name, "write an address such as https://koe.example.com.")
    return value


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


def need_provider(provider: str, *, secret: Collection[str], key: str) -> None:
    """A webhook that could never be open, or believe an event, is said at the start."""
    if secret and not provider:
        raise ImproperlyConfigured(
            "ANYMAIL_WEBHOOK_SECRET opens the webhook of one provider, and none can be told from "
            f"EMAIL_URL: set EMAIL_PROVIDER to one of {', '.join(HOSTS)}."
        )
    if secret and provider in SIGN_WITH_A_KEY and not key:
        raise ImproperlyConfigured(
            f"EMAIL_PROVIDER_KEY must be set: {provider} signs its events, and shows the key for "
            "that beside its webhooks. Or unset ANYMAIL_WEBHOOK_SECRET to keep the webhook closed."
        )


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


def need_strong(name: str) -> None:
    """In production: its own key, and none that can be guessed. The message does not repeat it."""
    value: str = env.str(name, default="")
    if len(value) < KEY_LENGTH or len(set(value)) < KEY_SIGNS:
        what = "is too easy to guess" if value else "must be set"
        raise ImproperlyConfigured(
            f"{name} {what} where SITE_URL is https://: write {KEY_LENGTH} or more random "
            "characters, such as these print: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )


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
