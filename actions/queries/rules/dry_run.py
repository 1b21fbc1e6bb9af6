"""The answers of the last year, as a rule would have seen them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial

from django.db.models import F, Window
from django.db.models.functions import Lag
from django.utils import timezone

from actions.domain.follow_ups.due import due_after
from actions.domain.rules.dry_run import Past, Result, dry_run
from actions.domain.rules.triggers import BY_FACTS, Rule, Said
from actions.queries.follow_ups.staff import hours_of
from surveys.domain.reasons import InvitationReason
from surveys.models import Response

LOOKED_BACK = dt.timedelta(days=365)


def try_rule(rule: Rule, *, now: dt.datetime) -> Result:
    """By everybody's hours: whose each would have been is not asked."""
    if rule.trigger in BY_FACTS:
        # Only here: it needs pandas, which answers do not.
        from actions.queries.rules.facts import occasions_of_year

        number = occasions_of_year(rule, today=timezone.localdate(now))
        return Result(answers=0, fired=number, opened=number)
    due = partial(due_after, hours=rule.due_hours, work=hours_of(None))
    return dry_run(_answers(since=now - LOOKED_BACK), rule, due=due)


def _answers(*, since: dt.datetime) -> Iterator[Past]:
    """What was answered to us, not what was imported; with what the same person said before."""
    before = Window(
        Lag("score"),
        partition_by=F("invitation__person"),
        order_by=[F("answered_at"), F("pk")],
    )
    rows = (
        Response.objects.counted()
        .annotate(before=before)
        .order_by("answered_at", "pk")
        .values_list(
            "answered_at", "score", "comment", "before", "invitation__reason",
            "invitation__respondent__customer", "invitation__respondent",
        )
    )  # fmt: skip
    for at, score, comment, earlier, reason, customer, respondent in rows.iterator(chunk_size=5000):
        if at >= since and reason != InvitationReason.IMPORTED:
            subject = f"c{customer}" if customer else f"r{respondent}"
            yield Past(at, subject, Said(score, has_comment=bool(comment), before=earlier))
