"""Who may do what with one follow-up. Everybody who follows up sees all of them (decision 7)."""

from __future__ import annotations

from accounts.domain.access.roles import Role


def may_work(role: Role | str, *, is_owner: bool) -> bool:
    """Start, snooze, close and reopen: what the owner answers for. Others take it over first."""
    return is_owner or role == Role.ADMIN


def may_assign(role: Role | str, *, is_owner: bool, has_owner: bool, to_oneself: bool) -> bool:
    """Nobody's may be given to anybody, one's own handed on, another's only taken over."""
    return may_work(role, is_owner=is_owner) or not has_owner or to_oneself
