"""A request that a program named is done once, however often it is sent within a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext as _

from api.domain.problems import Code, Problem
from api.models import ApiKey, IdempotentCall
from common.resilience.retry import in_transaction

KEPT = dt.timedelta(hours=24)
# The status and the text of an answer.
Answer = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Named:
    key: ApiKey
    name: str
    digest: str
    now: dt.datetime


@dataclass(frozen=True, slots=True)
class Once:
    answer: Answer
    # That of the first time.
    is_repeated: bool


def done_once(named: Named, work: Callable[[], Answer]) -> Once:
    """The work and its answer are one transaction: what was refused can be sent again."""
    return in_transaction(partial(_once, named, work))


def _once(named: Named, work: Callable[[], Answer]) -> Once:
    mine = IdempotentCall.objects.filter(key=named.key, name=named.name)
    mine.filter(created_at__lt=named.now - KEPT).delete()
    # Whoever sends it at the same time waits here until this one has its answer.
    row, is_new = IdempotentCall.objects.get_or_create(
        key=named.key,
        name=named.name,
        defaults={"digest": named.digest, "created_at": named.now},
    )
    if not is_new:
        if row.digest != named.digest:
            raise Problem(Code.REPEATED, _("Another request had this Idempotency-Key."))
        return Once((row.status, row.answer), is_repeated=True)
    status, text = work()
    mine.update(status=status, answer=text)
    return Once((status, text), is_repeated=False)


def forget_calls(*, now: dt.datetime) -> int:
    return IdempotentCall.objects.filter(created_at__lt=now - KEPT).delete()[0]
