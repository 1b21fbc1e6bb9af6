"""How many were planned, asked and answered in each campaign, and when somebody answered last.

Answers are not counted here, which would join each with its invitation: the counts that the reports
keep (a block for each month, campaign and language) say how many they hold, and what is not folded
into them yet stands in the ledger. Invitations are counted from an index.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Sum

from common.databases.snapshot import one_snapshot
from surveys.domain.states import ASKED
from surveys.models import Campaign, Invitation, ResponseChange
from surveys.queries.calendar.days import day_of


@dataclass(slots=True)
class Answered:
    count: int = 0
    last_on: dt.date | None = None

    def add(self, count: int, last_on: dt.date | None) -> None:
        self.count += count
        self.last_on = max(filter(None, (self.last_on, last_on)), default=None)


@one_snapshot()
def with_counts(campaigns: Iterable[Campaign]) -> list[Campaign]:
    """With `planned`, `asked`, `answered`, `last_answered_on` and `response_rate`."""
    found: list[Any] = list(campaigns)
    chosen = [each.pk for each in found]
    states, answers = _by_state(chosen), answered_by(chosen)
    for each in found:
        mine = states[each.pk]
        each.planned = sum(mine.values())
        each.asked = sum(mine[state] for state in ASKED)
        each.answered = answers[each.pk].count
        each.last_answered_on = answers[each.pk].last_on
        # Without mail the answers are known, but not who was asked in vain.
        has_rate = each.asked and not each.is_without_mail
        each.response_rate = each.answered / each.asked if has_rate else None
    return found


@one_snapshot()
def answered_by(campaigns: Iterable[int]) -> dict[int, Answered]:
    """By campaign, the answers that count, and the day of the last one: an answer that is set aside
    is the last one until that is folded, a moment later."""
    chosen = list(campaigns)
    found: dict[int, Answered] = defaultdict(Answered)
    blocks = Campaign.objects.filter(pk__in=chosen, counted__isnull=False).order_by()
    kept = blocks.annotate(answers=Sum("counted__answers"), last_on=Max("counted__last_on"))
    for campaign, count, last_on in kept.values_list("pk", "answers", "last_on"):
        found[campaign].add(count, last_on)
    rows = ResponseChange.objects.filter(
        folded=False, response__invitation__campaign__in=chosen
    ).order_by()
    names = (
        "response__invitation__campaign", "score_before", "score_after", "response__answered_at"
    )  # fmt: skip
    for campaign, before, after, at in rows.values_list(*names):
        came = int(after is not None) - int(before is not None)
        found[campaign].add(came, None if after is None else day_of(at))
    return found


def _by_state(campaigns: list[int]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    rows = Invitation.objects.filter(campaign__in=campaigns).order_by()
    counted = rows.values_list("campaign", "state").annotate(number=Count("*"))
    for campaign, state, number in counted:
        found[campaign][state] = number
    return found
