"""The one table of settings that cannot work, that open the system, or that still miss.

A row that `stops` refuses the start, all of them at once. The others are what a public installation
is not finished without: `check --deploy` names them, and admins read them on their home.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from email.utils import parseaddr
from ipaddress import ip_address
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.http import is_same_domain
from django.utils.translation import gettext_lazy as _

from accounts.domain.access.roles import Role
from accounts.domain.access.sign_on import is_readable, lets_anybody_in, makes_all_admins
from config.env import env
from config.mail_providers import HOSTS, SIGN_WITH_A_KEY

Given = Mapping[str, Any]
# What Django's own deployment check asks of a key; shorter for what is only compared.
KEY = (50, 5)
TOKEN = (20, 8)
OF_SIGN_ON = {
    "OIDC_CLIENT_ID": "copy the one that the provider shows for this client.",
    "OIDC_CLIENT_SECRET": "copy the one that the provider shows for this client.",
    "SIGN_ON_ROLES": "write whom it lets in, such as example.com:cs,boss@example.com:admin.",
}
_RANDOM = "such as these print: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"


class Check(NamedTuple):
    variable: str
    fails: Callable[[Given], bool]
    # What is wrong, and what to write instead. No sentence repeats a value: it may be a secret.
    said: str | Promise
    stops: bool = True


def is_public(given: Given) -> bool:
    return urlsplit(given["SITE_URL"]).scheme == "https"


def is_local(host: str) -> bool:
    """A name of this machine alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return is_same_domain(host, ".localhost") or host == "localhost"


def is_strong(value: str, least: tuple[int, int]) -> bool:
    length, signs = least
    return len(value) >= length and len(set(value)) >= signs


def is_address(value: str) -> bool:
    """An e-mail address, with a name before it or without."""
    try:
        validate_email(parseaddr(value)[1])
    except ValidationError:
        return False
    return value.isprintable()


def _site_host(given: Given) -> str:
    return urlsplit(given["SITE_URL"]).hostname or ""


def _is_issuer(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    host = parts.hostname or ""
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and is_local(host)))


def _in_clear(given: Given) -> bool:
    return not is_public(given) and not is_local(_site_host(given))


def _not_served(given: Given) -> bool:
    served = given["ALLOWED_HOSTS"]
    host = _site_host(given)
    return not any(each == "*" or is_same_domain(host, each.strip("[]")) for each in served)


def _tells_password(given: Given) -> bool:
    is_secured = given.get("EMAIL_USE_TLS") or given.get("EMAIL_USE_SSL")
    return bool(given["EMAIL_HOST_USER"]) and not is_secured and not is_local(given["EMAIL_HOST"])


def _weak_webhook(given: Given) -> bool:
    secrets = given["ANYMAIL_WEBHOOK_SECRET"]
    return not all(is_strong(each.partition(":")[2], TOKEN) for each in secrets)


def _weak_token(name: str) -> Callable[[Given], bool]:
    return lambda given: is_public(given) and bool(given[name]) and _weak(given[name], TOKEN)


def _weak(value: str, least: tuple[int, int]) -> bool:
    return not is_strong(value, least)


def _public(fails: Callable[[Given], bool]) -> Callable[[Given], bool]:
    return lambda given: is_public(given) and fails(given)


def _unset(name: str) -> Callable[[Given], bool]:
    """In the environment, whatever its default may be."""
    return lambda given: not env.str(name, default="")


CHECKS = (
    # --- Who can reach it, and how ---
    Check(
        "SITE_URL",
        _in_clear,
        "is http:// and no name of this machine: write https://, or http://127.0.0.1:8000 to try "
        "Koe here. Log-ins, survey links and the local inbox would be open to whoever listens.",
    ),
    Check(
        "DEBUG",
        _public(lambda given: given["DEBUG"]),
        "cannot be True where SITE_URL is https://: write False. Its pages of errors show "
        "settings and data to everybody.",
    ),
    Check(
        "ALLOWED_HOSTS",
        lambda given: "*" in given["ALLOWED_HOSTS"],
        "cannot be *: write the names under which Koe is reached, separated by commas, or leave "
        "it out where that is the host of SITE_URL alone.",
    ),
    Check(
        "ALLOWED_HOSTS",
        _not_served,
        "does not name the host of SITE_URL, so that every survey link would answer 400: add that "
        "host, or leave ALLOWED_HOSTS out.",
    ),
    # --- Secrets ---
    Check(
        "SECRET_KEY",
        _public(_unset("SECRET_KEY")),
        "must be set where SITE_URL is https://: write 50 or more random characters, " + _RANDOM,
    ),
    Check(
        "SECRET_KEY",
        _public(lambda given: _weak(given["SECRET_KEY"], KEY)),
        "is too easy to guess where SITE_URL is https://: write 50 or more random characters, "
        + _RANDOM,
    ),
    Check(
        "SECRET_KEY_FALLBACKS",
        _public(lambda given: any(_weak(each, KEY) for each in given["SECRET_KEY_FALLBACKS"])),
        "has a key that is too easy to guess: whoever guesses it makes links that Koe believes. "
        "Leave it out; links that were signed with it end.",
    ),
    Check(
        "METRICS_TOKEN",
        _weak_token("METRICS_TOKEN"),
        "is too easy to guess: write 20 or more random characters, " + _RANDOM,
    ),
    Check(
        "ANYMAIL_WEBHOOK_SECRET",
        _public(_weak_webhook),
        "is too easy to guess, or no user:password: write koe: and 20 or more random characters, "
        + _RANDOM,
    ),
    Check(
        "EMAIL_PROVIDER_KEY",
        _weak_token("EMAIL_PROVIDER_KEY"),
        "is too short for a key: copy the one that the provider shows beside its webhooks.",
    ),
    # --- The organisation's own log-in ---
    *(
        Check(
            name,
            lambda given, name=name: bool(given["OIDC_ISSUER"]) and not given[name],  # type: ignore[misc]
            f"must be set where OIDC_ISSUER is: {said}",
        )
        for name, said in OF_SIGN_ON.items()
    ),
    Check(
        "OIDC_ISSUER",
        lambda given: bool(given["OIDC_ISSUER"]) and not _is_issuer(given["OIDC_ISSUER"]),
        "is no https:// address: write the issuer as the provider's own description has it, such "
        "as https://login.example.com/realms/example. Whoever listens could log in as anybody.",
    ),
    Check(
        "OIDC_CLIENT_SECRET",
        _weak_token("OIDC_CLIENT_SECRET"),
        "is too short for a secret: copy the one that the provider shows for this client.",
    ),
    Check(
        "SIGN_ON_ROLES",
        lambda given: bool(given["SIGN_ON_ROLES"]) and not is_readable(given["SIGN_ON_ROLES"]),
        "cannot be read: write domains and addresses with a role each, such as "
        f"example.com:cs,boss@example.com:admin. Roles are {', '.join(Role)}.",
    ),
    Check(
        "SIGN_ON_ROLES",
        lambda given: makes_all_admins(given["SIGN_ON_ROLES"]),
        "makes admins of everybody in a domain: name each admin's address instead.",
    ),
    Check(
        "SIGN_ON_ROLES",
        lambda given: lets_anybody_in(given["SIGN_ON_ROLES"]),
        "names a domain where anybody has an address: name the addresses of your people instead.",
    ),
    # --- E-mail ---
    Check(
        "EMAIL_URL",
        _public(_unset("EMAIL_URL")),
        "must be set where SITE_URL is https://: write "
        "smtp+tls://user:password@mail.example.com:587. The local inbox would keep every e-mail.",
    ),
    Check(
        "EMAIL_URL",
        _tells_password,
        "would send its password in the clear: write smtp+tls:// or smtp+ssl://.",
    ),
    Check(
        "DEFAULT_FROM_EMAIL",
        lambda given: not is_address(given["DEFAULT_FROM_EMAIL"]),
        "is no e-mail address: write survey@example.com or Example <survey@example.com>.",
    ),
    Check(
        "EMAIL_PROVIDER",
        _public(lambda given: given["ANYMAIL_WEBHOOK_SECRET"] and not given["EMAIL_PROVIDER"]),
        "must be set: ANYMAIL_WEBHOOK_SECRET opens the webhook of one provider, and none can be "
        f"told from EMAIL_URL. Write one of {', '.join(HOSTS)}.",
    ),
    Check(
        "EMAIL_PROVIDER_KEY",
        _public(
            lambda given: (
                given["ANYMAIL_WEBHOOK_SECRET"]
                and given["EMAIL_PROVIDER"] in SIGN_WITH_A_KEY
                and not given["EMAIL_PROVIDER_KEY"]
            )
        ),
        "must be set: the provider signs its events, and shows the key for that beside its "
        "webhooks. Or unset ANYMAIL_WEBHOOK_SECRET to keep the webhook closed.",
    ),
    # --- Not finished ---
    Check(
        "BEHIND_PROXY",
        lambda given: not given["BEHIND_PROXY"],
        _("write True where a proxy ends https: else Koe takes every request for plain http."),
        stops=False,
    ),
    Check(
        "ADMIN_SECOND_STEP",
        lambda given: not given["ADMIN_SECOND_STEP"],
        _("leave it out: admins log in with their password alone."),
        stops=False,
    ),
    Check(
        "TIME_ZONE",
        _unset("TIME_ZONE"),
        _("write yours, such as Asia/Tokyo: days and office hours go by UTC."),
        stops=False,
    ),
    Check(
        "METRICS_TOKEN",
        lambda given: not given["METRICS_TOKEN"],
        _("write 50 random characters: /metrics is closed, and no monitor watches Koe."),
        stops=False,
    ),
    Check(
        "ANYMAIL_WEBHOOK_SECRET",
        lambda given: bool(given["EMAIL_PROVIDER"]) and not given["ANYMAIL_WEBHOOK_SECRET"],
        _("write user:password: what your provider tells of bounces and complaints is not heard."),
        stops=False,
    ),
)


def refuse(given: Given) -> None:
    """Stops the start with a sentence for each setting that cannot stay."""
    found = [f"{each.variable} {each.said}" for each in CHECKS if each.stops and each.fails(given)]
    if found:
        raise ImproperlyConfigured("\n".join(found))


def unfinished(given: Given) -> list[tuple[str, str | Promise]]:
    """The variable and what to do, of each setting that a public installation still misses."""
    if not is_public(given):
        return []
    return [(each.variable, each.said) for each in CHECKS if not each.stops and each.fails(given)]
