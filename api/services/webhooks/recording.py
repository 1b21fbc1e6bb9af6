"""Writes what happened, and puts it on its way to whoever subscribed, in the transaction of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from accounts.queries.merges import kept_ids, members_of
from actions.domain.deliveries.states import FOR_PROGRAMS, Kind
from actions.services.alerts.on_answer import EVIDENCE
from actions.services.deliveries.queueing import Draft, queue_once
from api.domain.events import Event as Name
from api.models import Ask, Event, Member, Subscription
from api.services.webhooks.heard import heard

# Answers that no file of history brought, by the second: a batch is never larger.
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Fact:
    """`key`: what happened; the same is recorded once. `about`: ids, and what changes later."""

    name: Name
    key: str
    at: dt.datetime
    about: Mapping[str, Any] = field(default_factory=dict)
    # No gesture was seen: a room full of people is not told before no scanner's burst has followed.
    in_doubt: bool = False


def wanted(*names: Name) -> list[Subscription]:
    """Those in use that are to be told of one of these."""
    if not heard.any_of(names):
        return []
    rows = Subscription.objects.filter(channel__disabled="").select_related("channel")
    return [each for each in rows.order_by("pk") if not set(names).isdisjoint(each.events)]


def record(facts: Sequence[Fact], *, told: Sequence[Subscription]) -> None:
    """What nobody wants to hear of is not written."""
    for start in range(0, len(facts), AT_ONCE):
        _record([each for each in facts[start : start + AT_ONCE] if _of(each, told)], told)


def _of(fact: Fact, told: Sequence[Subscription]) -> list[Subscription]:
    return [each for each in told if fact.name in each.events]


def _record(facts: Sequence[Fact], told: Sequence[Subscription]) -> None:
    if not facts:
        return
    rows = [Event(key=each.key, name=each.name, at=each.at, about=each.about) for each in facts]
    # Whoever was faster has written it; its key is what happened.
    Event.objects.bulk_create(rows, ignore_conflicts=True)
    written = Event.objects.in_bulk([each.key for each in facts], field_name="key")
    scope = _Scope(facts, told)
    drafts = [
        draft
        for fact in sorted(facts, key=lambda each: written[each.key].pk)
        for subscription in _of(fact, told)
        for draft in _drafts(written[fact.key], fact, subscription, scope)
    ]
    if drafts:
        queue_once(drafts, now=max(each.at for each in facts))


def _drafts(event: Event, fact: Fact, subscription: Subscription, scope: _Scope) -> Iterator[Draft]:
    channel = subscription.channel
    waits = fact.in_doubt and Kind(channel.kind) not in FOR_PROGRAMS
    for member in scope.members(fact, subscription):
        more = {} if member is None else {"member": member}
        shown = {"response": fact.about["response"]} if "response" in fact.about else {}
        yield Draft(
            key=f"event:{event.pk}:{channel.pk}" + (f":{member}" if member else ""),
            event=fact.name,
            due=fact.at + EVIDENCE if waits else fact.at,
            payload={"event": event.pk, **shown, **more},
            channel=channel,
            in_order=True,
        )


def is_its_own(event: Event, subscription: Subscription, *, member: int | None) -> bool:
    """Asked again when it leaves: by then the webhook may tell of another project."""
    if subscription.project_id is None:
        return True
    fact = Fact(Name(event.name), event.key, event.at, event.about)
    return member in _Scope([fact], [subscription]).members(fact, subscription)


class _Scope:
    """Whom of a project a fact is about. One project never hears of another's people."""

    def __init__(self, facts: Sequence[Fact], told: Sequence[Subscription]) -> None:
        projects = {each.project_id for each in told if each.project_id is not None}
        answers = [each.about["response"] for each in facts if "response" in each.about]
        asks = Ask.objects.filter(project__in=projects, invitation__response__in=answers)
        self.asks = set(asks.values_list("project_id", "invitation__response")) if projects else ()
        self.projects = projects

    def members(self, fact: Fact, subscription: Subscription) -> list[int | None]:
        """None where the fact is all there is to tell; nobody where it is not the project's."""
        project = subscription.project_id
        if project is None:
            return [None]
        if "response" in fact.about:
            return [None] if (project, fact.about["response"]) in self.asks else []
        if "person" not in fact.about:
            return []
        family = members_of(kept_ids([fact.about["person"]]).values())
        mine = Member.objects.filter(project=project, deleted_at=None, person__in=family)
        return list(mine.order_by("pk").values_list("pk", flat=True))
