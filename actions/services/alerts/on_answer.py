"""Whom an answer is told to: queued in its own transaction, with the follow-up that it opens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from accounts.models import StaffUser
from actions.domain.alerts.names import EventName
from actions.domain.alerts.rules import Account, concerns, is_key
from actions.domain.rules.triggers import may_fire
from actions.models import AlertRule, Channel
from actions.queries.alerts.rules import accounts_of, rules_in_use
from actions.services.deliveries.queueing import Draft, hasten, queue
from surveys.domain.answers.scoring import DETRACTOR_MAX, category
from surveys.domain.reasons import InvitationReason
from surveys.models import Response, ResponseChange
from surveys.queries.calendar.days import day_of

# Of an answer without a gesture: in it a scanner's burst shows, and with a tick of 10 seconds its
# reader still knows within a minute.
EVIDENCE = dt.timedelta(seconds=30)
# Later than this the news is old.
NEWS = dt.timedelta(days=2)


class _Known(NamedTuple):
    reason: str
    customer: int | None
    account: str
    segments: dict[str, str] | None
    told_at: dt.datetime | None
    follow_up: int | None
    owner: int | None


_READ = (
    "invitation__reason",
    "invitation__respondent__customer",
    "invitation__respondent__customer__owner_email",
    "invitation__profile__values",
    "owner_told_at",
    "case__follow_up",
    "case__follow_up__owner",
)


def tell(changes: Sequence[ResponseChange]) -> None:
    """Most answers are praise that no rule asks for: those cost one look at the rules."""
    fresh = [each for each in changes if _is_news(each)]
    rules = rules_in_use() if fresh else []
    concerned = [each for each in fresh if may_fire(each.score_after) or any(_of(each, rules))]
    known = _known_of([each.response_id for each in concerned]) if concerned else {}
    for change in concerned:
        found = known[change.response_id]
        if found.reason != InvitationReason.IMPORTED:
            drafts = [*_to_owner(change, found), *_by_rule(change, found, rules)]
            queue(drafts, now=change.at)
            if change.score_before is not None:
                # A change does not put off what waits: whoever adds words to an answer, and more
                # words, would be told of only when they stop.
                hasten(drafts)


def _is_news(change: ResponseChange) -> bool:
    return change.score_after is not None and change.response.answered_at > change.at - NEWS


def _of(change: ResponseChange, rules: Iterable[AlertRule]) -> Iterator[AlertRule]:
    said: dict[str, Any] = {
        "score": change.score_after or 0,
        "has_comment": bool(change.comment.strip()),
    }
    return (rule for rule in rules if concerns(rule.asks, **said))


def _known_of(responses: Sequence[int]) -> dict[int, _Known]:
    rows = Response.objects.filter(pk__in=responses).values_list("pk", *_READ)
    return {pk: _Known(*values) for pk, *values in rows}


def _due(change: ResponseChange) -> dt.datetime:
    """At once where a gesture was seen; else when no burst has followed."""
    return change.at if change.response.signals.get("gesture") else change.at + EVIDENCE


def _to_owner(change: ResponseChange, known: _Known) -> Iterator[Draft]:
    is_news = (change.score_after or 0) <= DETRACTOR_MAX or known.follow_up
    if is_news and (known.owner or known.account) and known.told_at is None:
        yield Draft(
            key=f"answer:{change.response_id}:owner",
            event=EventName.OWNER,
            due=_due(change),
            payload={"response": change.response_id},
        )


def _by_rule(change: ResponseChange, known: _Known, rules: Sequence[AlertRule]) -> Iterator[Draft]:
    """Each receiver once per category, by the first rule that names them; the owner knows."""
    asked = list(_of(change, rules))
    account = _account(change, known, asked)
    seen: set[StaffUser | Channel] = set()
    for rule in (each for each in asked if is_key(each.asks, account)):
        receivers: list[StaffUser | Channel] = [*rule.staff.all(), *rule.channels.all()]
        for who in receivers:
            if who not in seen and not _is_owner(who, change, known):
                seen.add(who)
                yield _draft(change, rule, who)


def _account(change: ResponseChange, known: _Known, asked: Sequence[AlertRule]) -> Account:
    if not any(rule.asks.asks_for_key_accounts for rule in asked):
        return Account()
    values = {change.response_id: (known.customer, known.segments)}
    return accounts_of(values, rules=asked, day=day_of(change.at))[change.response_id]


def _is_owner(who: StaffUser | Channel, change: ResponseChange, known: _Known) -> bool:
    if not isinstance(who, StaffUser) or not list(_to_owner(change, known)):
        return False
    return who.pk == known.owner or (
        known.owner is None and who.email.casefold() == known.account.casefold()
    )


def _draft(change: ResponseChange, rule: AlertRule, who: StaffUser | Channel) -> Draft:
    is_staff = isinstance(who, StaffUser)
    group = category(change.score_after or 0)
    return Draft(
        key=f"answer:{change.response_id}:{group}:{'staff' if is_staff else 'channel'}:{who.pk}",
        event=EventName.ANSWER,
        due=_due(change),
        payload={"response": change.response_id, "rule": rule.pk},
        staff=who if isinstance(who, StaffUser) else None,
        channel=who if isinstance(who, Channel) else None,
    )
