"""What the table of settings asks of those that were given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from email.utils import parseaddr
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.http import is_same_domain

from config.env import env

Given = Mapping[str, Any]
# What Django's own deployment check asks of a key; shorter for what is only compared.
KEY = (50, 5)
TOKEN = (20, 8)
TLS_MODES = {"require", "verify-ca", "verify-full"}


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


def site_host(given: Given) -> str:
    return urlsplit(given["SITE_URL"]).hostname or ""


def is_issuer(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    host = parts.hostname or ""
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and is_local(host)))


def is_in_clear(given: Given) -> bool:
    return not is_public(given) and not is_local(site_host(given))


def is_not_served(given: Given) -> bool:
    served = given["ALLOWED_HOSTS"]
    host = site_host(given)
    return not any(each == "*" or is_same_domain(host, each.strip("[]")) for each in served)


def tells_password(given: Given) -> bool:
    is_secured = given.get("EMAIL_USE_TLS") or given.get("EMAIL_USE_SSL")
    return bool(given["EMAIL_HOST_USER"]) and not is_secured and not is_local(given["EMAIL_HOST"])


def weak_webhook(given: Given) -> bool:
    secrets = given["ANYMAIL_WEBHOOK_SECRET"]
    return not all(is_strong(each.partition(":")[2], TOKEN) for each in secrets)


def weak_token(name: str) -> Callable[[Given], bool]:
    return lambda given: is_public(given) and bool(given[name]) and is_weak(given[name], TOKEN)


def is_weak(value: str, least: tuple[int, int]) -> bool:
    return not is_strong(value, least)


def is_abroad(host: str) -> bool:
    """Beyond this machine's network, whose names have no dot, or whose numbers are private."""
    host = host.strip("[]")
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not is_local(host)


def leads_abroad(name: str, *schemes: str) -> Callable[[Given], bool]:
    def fails(given: Given) -> bool:
        parts = urlsplit(given[name])
        return parts.scheme in schemes and is_abroad(parts.hostname or "")

    return fails


def database_in_clear(given: Given) -> bool:
    database = given["DATABASES"]["default"]
    mode = database.get("OPTIONS", {}).get("sslmode", "")
    return is_abroad(database.get("HOST", "")) and mode not in TLS_MODES


def mail_in_clear(given: Given) -> bool:
    is_secured = given.get("EMAIL_USE_TLS") or given.get("EMAIL_USE_SSL")
    return is_abroad(given["EMAIL_HOST"]) and not is_secured


def where_public(fails: Callable[[Given], bool]) -> Callable[[Given], bool]:
    return lambda given: is_public(given) and fails(given)


def is_unset(name: str) -> Callable[[Given], bool]:
    """In the environment, whatever its default may be."""
    return lambda given: not env.str(name, default="")
