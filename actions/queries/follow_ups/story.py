"""What has happened in a follow-up: its answers and what was done about them, newest first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_date

from actions.domain.follow_ups.states import Step
from actions.models import FollowUp, FollowUpEntry, Reply
from actions.queries.follow_ups.causes import cause_name
from surveys.models import Response
from surveys.queries.answers.responses import responses_of_all

_WITH_ANSWER = (Step.OPENED, Step.JOINED)


@dataclass(frozen=True, slots=True)
class Line:
    entry: FollowUpEntry
    # The answer that opened it or joined; None where it was erased from the follow-up.
    response: Response | None
    cause: str
    until: dt.date | None
    # What was written to the customer.
    reply: Reply | None

    @property
    def detail(self) -> dict[str, Any]:
        return dict(self.entry.detail)


def story_of(follow_up: FollowUp) -> list[Line]:
    entries = list(follow_up.entries.select_related("by").order_by("-at", "-pk"))
    ids = {each.detail.get("response") for each in entries if each.step in _WITH_ANSWER}
    answers = {each.pk: each for each in responses_of_all().filter(pk__in=ids - {None})}
    written = Reply.objects.filter(follow_up=follow_up).select_related("respondent")
    replies = {each.pk: each for each in written}
    return [
        Line(
            each,
            answers.get(each.detail.get("response")),
            cause_name(each.detail["cause"]) if each.detail.get("cause") else "",
            parse_date(each.detail.get("until") or ""),
            replies.get(each.detail.get("reply", 0)),
        )
        for each in entries
    ]
