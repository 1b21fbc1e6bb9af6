"""Whom the organisation's own sign-on brings in, and as what."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from accounts.domain.access.roles import Role

Roles = Mapping[str, Role]
# What somebody may do, from the least on.
_RANKS = [Role.VIEWER, Role.CS, Role.ADMIN]
# Where anybody makes an address for themselves, so that such a domain says nothing of who it is.
ANYBODYS = {
    "gmail.com", "googlemail.com", "outlook.com", "outlook.jp", "hotmail.com",
    "hotmail.co.jp", "live.com", "live.jp", "msn.com", "yahoo.com",
    "yahoo.co.jp", "ymail.com", "ymail.ne.jp", "icloud.com", "me.com",
    "mac.com", "aol.com", "gmx.com", "gmx.de", "mail.com",
    "proton.me", "protonmail.com", "zoho.com", "yandex.com", "qq.com",
    "163.com", "naver.com", "docomo.ne.jp", "ezweb.ne.jp", "au.com",
    "softbank.ne.jp", "i.softbank.jp",
}  # fmt: skip


class Refusal(StrEnum):
    """Why somebody does not come in by it."""

    CANCELLED = "cancelled"
    STALE = "stale"
    UNREACHABLE = "unreachable"
    UNPROVED = "unproved"
    UNVERIFIED = "unverified"
    UNMAPPED = "unmapped"
    CLOSED = "closed"
    TAKEN = "taken"
    HIGHER = "higher"


def parse_roles(text: str) -> dict[str, Role]:
    """`example.com:cs,boss@example.com:admin`; raises ValueError where it is written otherwise."""
    roles: dict[str, Role] = {}
    for each in filter(None, (part.strip() for part in text.split(","))):
        name, _, role = each.rpartition(":")
        name = name.strip().lower()
        local, at, domain = name.rpartition("@")
        if "." not in domain or not name.isascii() or bool(at) != bool(local) or name in roles:
            raise ValueError(each)
        roles[name] = Role(role.strip())
    return roles


def role_of(address: str, roles: Roles) -> Role | None:
    """An address of its own goes before its domain; a domain is not those below it."""
    return roles.get(address) or roles.get(address.rpartition("@")[2])


def is_readable(text: str) -> bool:
    try:
        return bool(parse_roles(text))
    except ValueError:
        return False


def lets_anybody_in(text: str) -> bool:
    return is_readable(text) and not ANYBODYS.isdisjoint(parse_roles(text))


def makes_all_admins(text: str) -> bool:
    """Every address of a domain, those of next year too."""
    if not is_readable(text):
        return False
    return any(role == Role.ADMIN for name, role in parse_roles(text).items() if "@" not in name)


def as_compared(address: str) -> str:
    """As accounts keep it; empty where one sign of it may be another.

    In small letters the Kelvin sign is a k, and its owner somebody else.
    """
    return address.lower() if address.isascii() else ""


def gives_more(role: Role, than: Role) -> bool:
    return _RANKS.index(role) > _RANKS.index(than)
