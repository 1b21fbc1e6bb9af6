"""What other apps say has happened, as the facts that programs are told of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django.utils import timezone

from accounts.domain.access.audit import AuditAction
from accounts.domain.contactability import SuppressionReason
from actions.domain.follow_ups.states import Step
from actions.models import FollowUpEntry
from api.domain.events import Event
from api.models import Ask
from api.queries.bands import band_of, bands_changed
from api.services.webhooks.recording import Fact, record, wanted
from surveys.domain.reasons import InvitationReason
from surveys.models import Invitation, Response, ResponseChange

ANSWERS = (Event.ANSWERED, Event.ANSWER_CHANGED, Event.ANSWER_SET_ASIDE)
_CAMPAIGNS = {
    AuditAction.CAMPAIGN_LAUNCH: Event.LAUNCHED,
    AuditAction.CAMPAIGN_PAUSE: Event.PAUSED,
    AuditAction.CAMPAIGN_RESUME: Event.RESUMED,
    AuditAction.CAMPAIGN_CANCEL: Event.ENDED,
    AuditAction.CAMPAIGN_FINISH: Event.ENDED,
}
_REASONS = {
    SuppressionReason.OPTED_OUT: Event.OPTED_OUT,
    SuppressionReason.COMPLAINED: Event.OPTED_OUT,
    SuppressionReason.BOUNCED: Event.BOUNCED,
}
_STEPS = {Step.OPENED: Event.FOLLOW_UP_OPENED, Step.CLOSED: Event.FOLLOW_UP_CLOSED}


def answers_changed(changes: Sequence[ResponseChange]) -> None:
    """History that a file brings is no news."""
    told = wanted(*ANSWERS)
    if told:
        history = _history([each.response_id for each in changes])
        fresh = [each for each in changes if each.response_id not in history]
        record([fact for each in fresh for fact in _of_change(each)], told=told)


def answer_given(ask: Ask, *, now: dt.datetime) -> None:
    """By a program, which tells of it as if it had been asked for here."""
    if told := wanted(Event.ANSWERED):
        response = ask.invitation.response
        record([_of_answer(Event.ANSWERED, response, now, 0)], told=told)


def answer_corrected(ask: Ask, *, now: dt.datetime) -> None:
    """By a program: also where the ledger has nothing to say, such as another tag."""
    if told := wanted(Event.ANSWER_CHANGED):
        response = ask.invitation.response
        last = response.changes.order_by("-pk").values_list("pk", "at").first() or (0, None)
        number = last[0] if last[1] == response.changed_at else 0
        fact = _of_answer(Event.ANSWER_CHANGED, response, now, number)
        record([fact], told=told)


def follow_up_moved(entry: FollowUpEntry) -> None:
    name = _STEPS.get(Step(entry.step))
    if name is not None and (told := wanted(name)):
        about = {"follow_up": entry.follow_up_id}
        in_doubt = entry.by_id is None
        key = f"follow-up:{entry.pk}"
        record([Fact(name, key, entry.at, about, in_doubt=in_doubt)], told=told)


def campaign_moved(campaign: int, action: AuditAction, *, now: dt.datetime) -> None:
    name = _CAMPAIGNS[action]
    if told := wanted(name):
        key = f"campaign:{campaign}:{action}:{now.isoformat()}"
        record([Fact(name, key, now, {"campaign": campaign})], told=told)


def mail_stopped(
    person: int, reason: SuppressionReason, *, until: dt.datetime | None, now: dt.datetime
) -> None:
    """Not where staff stopped it: nothing was heard of the person."""
    name = _REASONS.get(reason)
    if name is not None and (told := wanted(name)):
        about = {"person": person, "reason": reason, "until": until.isoformat() if until else None}
        record([Fact(name, f"person:{person}:{reason}:{now.isoformat()}", now, about)], told=told)


def scored(day: dt.date, *, today: dt.date, now: dt.datetime) -> None:
    """Whoever stands in another band than on the day before, as computed or set by hand."""
    if told := wanted(Event.BAND_CHANGED):
        facts = [
            _of_band(each.customer, each.before, each.after, f"{day}", now)
            for each in bands_changed(day, today=today)
        ]
        record(facts, told=told)


def band_set(customer: int, *, before: str, after: str, now: dt.datetime) -> None:
    """By hand; empty is the band as computed."""
    if told := wanted(Event.BAND_CHANGED):
        computed = band_of(customer, today=timezone.localdate(now))
        before, after = before or computed, after or computed
        if before != after:
            fact = _of_band(customer, before, after, f"hand:{now.isoformat()}", now)
            record([fact], told=told)


def _of_band(customer: int, before: str, after: str, said: str, now: dt.datetime) -> Fact:
    about = {"customer": customer, "before": before, "after": after}
    return Fact(Event.BAND_CHANGED, f"band:{customer}:{said}", now, about)


def _history(responses: Sequence[int]) -> set[int]:
    """Imported, by a file or by a program: a program's are told of where it gives them."""
    rows = Invitation.objects.filter(response__in=responses, reason=InvitationReason.IMPORTED)
    return set(rows.values_list("response", flat=True))


def _of_change(change: ResponseChange) -> Iterator[Fact]:
    name, before = _name_of(change), _before(change)
    said = (change.score_after, change.comment, change.extra)
    if name is not None and not (
        before and (before.score_after, before.comment, before.extra) == said
    ):
        yield _of_answer(name, change.response, change.at, change.pk)


def _before(change: ResponseChange) -> ResponseChange | None:
    """What counted until then; nothing is asked for an answer that has just come."""
    if change.score_before is None:
        return None
    rows = ResponseChange.objects.filter(response=change.response_id, pk__lt=change.pk)
    return rows.order_by("-pk").first()


def _name_of(change: ResponseChange) -> Event | None:
    if change.score_after is None:
        return Event.ANSWER_SET_ASIDE if change.score_before is not None else None
    if change.score_before is not None:
        return Event.ANSWER_CHANGED
    earlier = ResponseChange.objects.filter(response=change.response_id, pk__lt=change.pk)
    counted = earlier.filter(score_after__isnull=False).exists()
    return Event.ANSWER_CHANGED if counted else Event.ANSWERED


def _of_answer(name: Event, response: Response, at: dt.datetime, number: int) -> Fact:
    """By the row of the ledger, so that two who find out about one change tell of it once."""
    which = number or at.isoformat()
    about = {"response": response.pk, "score": response.score}
    in_doubt = not response.signals.get("gesture")
    return Fact(name, f"answer:{response.pk}:{which}", at, about, in_doubt=in_doubt)
