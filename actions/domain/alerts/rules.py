"""Which answers somebody other than the owner is told of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from surveys.domain.answers.scoring import Category, category


class Group(StrEnum):
    """Whose answers."""

    ANY = "any"
    PROMOTER = "promoter"
    PASSIVE = "passive"
    DETRACTOR = "detractor"


@dataclass(frozen=True, slots=True)
class AlertOn:
    """A key account is one with the value of the dimension, or with MRR of at least so much.

    Where neither is asked for, every account will do.
    """

    group: Group = Group.ANY
    only_with_comment: bool = False
    dimension: str = ""
    value: str = ""
    mrr_at_least: Decimal | None = None

    @property
    def asks_for_key_accounts(self) -> bool:
        return bool(self.dimension) or self.mrr_at_least is not None


@dataclass(frozen=True, slots=True)
class Account:
    """Whose answer it is: the values frozen when it was asked for, and MRR; None: not known."""

    segments: Mapping[str, str] = field(default_factory=dict)
    mrr: Decimal | None = None


def concerns(wanted: AlertOn, *, score: int, has_comment: bool) -> bool:
    """What can be told of the answer alone."""
    if wanted.only_with_comment and not has_comment:
        return False
    return wanted.group is Group.ANY or category(score) is Category(wanted.group.value)


def is_key(wanted: AlertOn, account: Account) -> bool:
    """What is not known is no key account."""
    if not wanted.asks_for_key_accounts:
        return True
    named = bool(wanted.dimension) and account.segments.get(wanted.dimension) == wanted.value
    least = wanted.mrr_at_least
    return named or (least is not None and account.mrr is not None and account.mrr >= least)
