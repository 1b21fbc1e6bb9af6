"""When each customer last answered, and how: from the score cells, so at no cost per answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from django.db.models import Min
from numpy.typing import NDArray

from analytics.counting.cells.answers import Answers, known_customers, read_answers
from analytics.counting.cells.invitations import count_invitations
from analytics.domain.answers.cells import UNKNOWN_CUSTOMER, Cells, folded, joined
from analytics.domain.periods import Period
from analytics.queries.database.clock import day_of
from analytics.queries.database.columns import day_of_number, number_of_day
from surveys.domain.answers.scoring import SCORE_MAX
from surveys.models import Invitation

EVER = Period(dt.date(1970, 1, 1), dt.date(9999, 1, 1))
# A day and a score in one number, the latest day and on it the lowest score being the greatest.
_SCORES = SCORE_MAX + 1


@dataclass(frozen=True, slots=True)
class LastAnswers:
    """By customer. Of several answers on its last day the lowest score counts."""

    _packed: dict[int, int]

    def __contains__(self, customer: object) -> bool:
        return customer in self._packed

    def day(self, customer: int) -> dt.date | None:
        found = self._packed.get(customer)
        return None if found is None else day_of_number(found // _SCORES)

    def score(self, customer: int) -> int | None:
        found = self._packed.get(customer)
        return None if found is None else SCORE_MAX - found % _SCORES


def last_answers() -> LastAnswers:
    """Belongs inside of `one_snapshot`."""
    answers = read_answers([EVER])
    rows = [
        (cells.customers, (number_of_day(month) + cells.days.astype(np.int64) - 1) * _SCORES
         + SCORE_MAX - cells.scores)
        for month, cells in _by_month(answers)
    ]  # fmt: skip
    if not rows:
        return LastAnswers({})
    customers = known_customers(np.concatenate([each for each, _ in rows]))
    return LastAnswers(_greatest(customers, np.concatenate([each for _, each in rows])))


def silent_customers(answered: LastAnswers, *, today: dt.date) -> list[int]:
    """Those that were asked and have never answered. Belongs inside of `one_snapshot`."""
    first = Invitation.objects.aggregate(first=Min("sent_at"))["first"]
    if first is None:
        return []
    period = Period.from_inclusive(day_of(first), max(today, day_of(first)))
    _, asked = count_invitations([period], unfolded=read_answers([EVER]).unfolded)
    customers = np.unique(known_customers(asked.customers[asked.invited > 0]))
    return [pk for pk in customers.tolist() if pk != UNKNOWN_CUSTOMER and pk not in answered]


def _by_month(answers: Answers) -> Iterator[tuple[dt.date, Cells]]:
    """A change that is not folded yet takes an answer away beside the cell that still has it."""
    changed = {change.day.replace(day=1) for change in answers.unfolded}
    late: dict[dt.date, list[Cells]] = {month: [] for month in changed}
    for month, cells in answers.cells(EVER):
        if month in late:
            late[month].append(cells)
        else:
            yield month, cells
    for month, parts in late.items():
        together = folded([joined(parts, of=Cells)])
        yield month, together.chosen(together.counts > 0)


def _greatest(customers: NDArray[np.int64], values: NDArray[np.int64]) -> dict[int, int]:
    best = np.full(int(customers.max(initial=0)) + 1, -1, dtype=np.int64)
    np.maximum.at(best, customers, values)
    best[UNKNOWN_CUSTOMER] = -1
    [known] = np.nonzero(best >= 0)
    return dict(zip(known.tolist(), best[known].tolist(), strict=True))
