"""The one table of settings that cannot work, that open the system, or that still miss.

A row that `stops` refuses the start, all of them at once. The others are what a public installation
is not finished without: `check --deploy` names them, and admins read them on their home.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.domain.access.roles import Role
from accounts.domain.access.sign_on import is_readable, lets_anybody_in, makes_all_admins
from config.given import (
    KEY,
    Given,
    database_in_clear,
    is_address,
    is_in_clear,
    is_issuer,
    is_not_served,
    is_public,
    is_unset,
    is_weak,
    leads_abroad,
    mail_in_clear,
    tells_password,
    weak_token,
    weak_webhook,
    where_public,
)
from config.mail_providers import HOSTS, SIGN_WITH_A_KEY

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


# What leaves the machine and its network can be read on its way.
IN_CLEAR = (
    (
        "DATABASE_URL",
        database_in_clear,
        _("add ?sslmode=verify-full: what is in the database goes over the line in the clear."),
    ),
    (
        "REDIS_URL",
        leads_abroad("REDIS_URL", "redis"),
        _("write rediss://: tasks go over the line in the clear."),
    ),
    (
        "EMAIL_URL",
        mail_in_clear,
        _("write smtp+tls:// or smtp+ssl://: e-mails go over the line in the clear."),
    ),
    (
        "SENTRY_DSN",
        leads_abroad("SENTRY_DSN", "http"),
        _("write https://: errors go over the line in the clear."),
    ),
    (
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        leads_abroad("OTEL_EXPORTER_OTLP_ENDPOINT", "http"),
        _("write https://: traces go over the line in the clear."),
    ),
)

CHECKS = (
    # --- Who can reach it, and how ---
    Check(
        "SITE_URL",
        is_in_clear,
        "is http:// and no name of this machine: write https://, or http://127.0.0.1:8000 to try "
        "Koe here. Log-ins, survey links and the local inbox would be open to whoever listens.",
    ),
    Check(
        "DEBUG",
        where_public(lambda given: given["DEBUG"]),
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
        is_not_served,
        "does not name the host of SITE_URL, so that every survey link would answer 400: add that "
        "host, or leave ALLOWED_HOSTS out.",
    ),
    # --- Secrets ---
    Check(
        "SECRET_KEY",
        where_public(is_unset("SECRET_KEY")),
        "must be set where SITE_URL is https://: write 50 or more random characters, " + _RANDOM,
    ),
    Check(
        "SECRET_KEY",
        where_public(lambda given: is_weak(given["SECRET_KEY"], KEY)),
        "is too easy to guess where SITE_URL is https://: write 50 or more random characters, "
        + _RANDOM,
    ),
    Check(
        "SECRET_KEY_FALLBACKS",
        where_public(
            lambda given: any(is_weak(each, KEY) for each in given["SECRET_KEY_FALLBACKS"])
        ),
        "has a key that is too easy to guess: whoever guesses it makes links that Koe believes. "
        "Leave it out; links that were signed with it end.",
    ),
    Check(
        "METRICS_TOKEN",
        weak_token("METRICS_TOKEN"),
        "is too easy to guess: write 20 or more random characters, " + _RANDOM,
    ),
    Check(
        "ANYMAIL_WEBHOOK_SECRET",
        where_public(weak_webhook),
        "is too easy to guess, or no user:password: write koe: and 20 or more random characters, "
        + _RANDOM,
    ),
    Check(
        "EMAIL_PROVIDER_KEY",
        weak_token("EMAIL_PROVIDER_KEY"),
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
        lambda given: bool(given["OIDC_ISSUER"]) and not is_issuer(given["OIDC_ISSUER"]),
        "is no https:// address: write the issuer as the provider's own description has it, such "
        "as https://login.example.com/realms/example. Whoever listens could log in as anybody.",
    ),
    Check(
        "OIDC_CLIENT_SECRET",
        weak_token("OIDC_CLIENT_SECRET"),
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
        where_public(is_unset("EMAIL_URL")),
        "must be set where SITE_URL is https://: write "
        "smtp+tls://user:password@mail.example.com:587. The local inbox would keep every e-mail.",
    ),
    Check(
        "EMAIL_URL",
        tells_password,
        "would send its password in the clear: write smtp+tls:// or smtp+ssl://.",
    ),
    Check(
        "DEFAULT_FROM_EMAIL",
        lambda given: not is_address(given["DEFAULT_FROM_EMAIL"]),
        "is no e-mail address: write survey@example.com or Example <survey@example.com>.",
    ),
    Check(
        "EMAIL_PROVIDER",
        where_public(lambda given: given["ANYMAIL_WEBHOOK_SECRET"] and not given["EMAIL_PROVIDER"]),
        "must be set: ANYMAIL_WEBHOOK_SECRET opens the webhook of one provider, and none can be "
        f"told from EMAIL_URL. Write one of {', '.join(HOSTS)}.",
    ),
    Check(
        "EMAIL_PROVIDER_KEY",
        where_public(
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
        "STAFF_SECOND_STEP",
        lambda given: not given["STAFF_SECOND_STEP"],
        _("leave it out: CS members and viewers log in with their password alone."),
        stops=False,
    ),
    *(Check(name, fails, said, stops=False) for name, fails, said in IN_CLEAR),
    Check(
        "TIME_ZONE",
        is_unset("TIME_ZONE"),
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
