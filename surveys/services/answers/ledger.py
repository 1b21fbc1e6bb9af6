"""The ledger of answers: the one place that writes it, in the transaction of the answer.

Whoever acts on answers is told by the signal, in the same transaction: what follows from an answer
is on disk when the answer is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.dispatch import Signal

from surveys.models import Response, ResponseChange

# Of the rows that were written, `changes`.
ledger_written = Signal()


def counted_score(response: Response) -> int | None:
    return None if response.suspect else response.score


def change_of(response: Response, *, before: int | None, at: dt.datetime) -> ResponseChange:
    return ResponseChange(
        response=response,
        at=at,
        score_before=before,
        score_after=counted_score(response),
        comment=response.comment,
        extra=response.extra,
    )


def write_ledger(changes: Iterable[ResponseChange]) -> None:
    written = ResponseChange.objects.bulk_create(changes)
    ledger_written.send(ResponseChange, changes=written)
