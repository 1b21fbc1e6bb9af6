"""One key per mailbox, so that spellings of one address share one person and one cap."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import idna
from email_validator import EmailNotValidError, validate_email

from accounts.domain.reasons import ReasonCode, Refused, reason

# Ordinary local parts need no parser; a file of 100,000 rows is nearly all of these.
_PLAIN_LOCAL = re.compile(r"[A-Za-z0-9_'+-]+(?:\.[A-Za-z0-9_'+-]+)*")
_MAX_LOCAL = 64
_MAX_ADDRESS = 254
_GMAIL = frozenset({"gmail.com", "googlemail.com"})
_CARRIERS = ("docomo.ne.jp", "ezweb.ne.jp", "au.com")


class AddressError(Refused):
    """The address cannot be mailed; `str()` says why in one sentence."""


def mail_key(address: str) -> str:
    """The identity of a mailbox: never mailed, and defined for any text."""
    local, _, domain = _folded(address).lower().rpartition("@")
    domain = _ascii_domain(domain)
    # A local part that is nothing but a tag or dots stays whole: an empty key would join strangers.
    local = local.partition("+")[0] or local
    if domain in _GMAIL:
        domain = "gmail.com"
        local = local.replace(".", "") or local
    return f"{local}@{domain}"


def clean_address(address: str) -> str:
    """The address as it will be mailed: as given but for width, outer space and an IDN domain."""
    text = _folded(address)
    if not text:
        raise AddressError(reason(ReasonCode.ADDRESS_MISSING))
    local, at, domain = text.rpartition("@")
    if not at:
        raise AddressError(reason(ReasonCode.ADDRESS_NO_AT, value=text))
    _refuse_local(local, domain=domain, text=text)
    if not _PLAIN_LOCAL.fullmatch(local) or len(local) > _MAX_LOCAL:
        _validated_domain(text)
    cleaned = f"{local}@{domain if domain.isascii() else _known_domain(domain, text=text)}"
    _known_domain(domain, text=text)
    if len(cleaned) > _MAX_ADDRESS:
        detail = f"it has more than {_MAX_ADDRESS} characters"
        raise AddressError(reason(ReasonCode.ADDRESS_INVALID, value=text, detail=detail))
    return cleaned


def _folded(address: str) -> str:
    return unicodedata.normalize("NFKC", address).strip()


@lru_cache(maxsize=4096)
def _ascii_domain(domain: str) -> str:
    if domain.isascii():
        return domain.rstrip(".")
    try:
        return idna.encode(domain, uts46=True).decode().rstrip(".")
    except idna.IDNAError:
        return domain


def _refuse_local(local: str, *, domain: str, text: str) -> None:
    if '"' not in local and (local.startswith(".") or local.endswith(".") or ".." in local):
        carrier = domain.lower().endswith(_CARRIERS)
        code = ReasonCode.ADDRESS_DOTS_CARRIER if carrier else ReasonCode.ADDRESS_DOTS
        raise AddressError(reason(code, value=text))
    if not local.isascii():
        raise AddressError(reason(ReasonCode.ADDRESS_NOT_ASCII, value=text))


def _known_domain(domain: str, *, text: str) -> str:
    found = _domain_or_fault(domain)
    if isinstance(found, EmailNotValidError):
        raise AddressError(reason(ReasonCode.ADDRESS_INVALID, value=text, detail=_detail(found)))
    return found


@lru_cache(maxsize=4096)
def _domain_or_fault(domain: str) -> str | EmailNotValidError:
    try:
        return _parsed(f"a@{domain}")
    except EmailNotValidError as fault:
        return fault


def _validated_domain(text: str) -> str:
    try:
        return _parsed(text)
    except EmailNotValidError as fault:
        why = reason(ReasonCode.ADDRESS_INVALID, value=text, detail=_detail(fault))
        raise AddressError(why) from fault


def _parsed(address: str) -> str:
    # test_environment admits .test, the domain reserved for trying things out; .example needs none.
    parsed = validate_email(
        address,
        allow_smtputf8=False,
        check_deliverability=False,
        strict=True,
        test_environment=True,
    )
    return parsed.ascii_domain


def _detail(fault: EmailNotValidError) -> str:
    text = str(fault).removesuffix(".")
    return text[:1].lower() + text[1:]
