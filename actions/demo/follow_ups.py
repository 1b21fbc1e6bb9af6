"""The follow-ups of the demo world: what became of its detractors, as if we had worked a year."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from accounts.models import StaffUser
from actions.domain.follow_ups.causes import Cause
from actions.domain.follow_ups.due import due_after
from actions.domain.follow_ups.states import ClosedAs, Dismissal, State, Step
from actions.domain.rules.triggers import DEFAULTS, Trigger
from actions.models import AnswerCase, FollowUp, FollowUpEntry
from actions.queries.follow_ups.balance import detractors
from actions.queries.follow_ups.staff import hours_of, owner_among, workers
from surveys.domain.reasons import InvitationReason

ROWS = 1000
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
# What somebody wrote down lies at most so far back; what is older came with the history.
WORKED = 365 * DAY
# By then somebody has taken what was nobody's.
UNASSIGNED = 9 * DAY
RULE = DEFAULTS[Trigger.SCORE]
# What the tags of the demo's answers name.
CAUSES = {
    "price": Cause.PRICE,
    "support": Cause.SUPPORT,
    "speed": Cause.RELIABILITY,
    "reliability": Cause.RELIABILITY,
    "onboarding": Cause.ONBOARDING,
    "reporting": Cause.MISSING_FEATURE,
    "mobile": Cause.USABILITY,
    "integrations": Cause.MISSING_FEATURE,
}
# By language, what was done; the demo's staff write in the language of the customer.
DONE = {
    "en": (
        "Called them, explained what changes next month, and sent the notes.",
        "Went through it together in a call; support has fixed it since.",
        "Offered training for the new team. They took it.",
    ),
    "ja": (
        "お電話で状況を伺い、来月の変更点をご説明しました。議事録も送付済みです。",
        "画面を一緒に確認し、サポートで修正しました。",
        "新任の方向けの研修をご案内し、実施しました。",
    ),
}
AWAY = {"en": "They are on leave until then.", "ja": "先方が休暇中のため、明けに連絡します。"}


@dataclass(slots=True)
class _Made:
    follow_up: FollowUp
    # Until when a further answer of the customer joins it.
    until: dt.datetime
    entries: list[FollowUpEntry] = field(default_factory=list)
    responses: list[int] = field(default_factory=list)


def seed_follow_ups(*, now: dt.datetime) -> None:
    staff = workers()
    hours = {each.pk: hours_of(each) for each in staff} | {None: hours_of(None)}
    cases: list[AnswerCase] = []
    open_ones: dict[int, _Made] = {}
    made: list[_Made] = []
    rows = (
        detractors()
        .select_related("invitation__respondent__customer")
        .order_by("answered_at", "pk")
    )
    for response in rows.iterator(chunk_size=ROWS):
        rng = random.Random(response.invitation.public_id)  # noqa: S311 - the same world
        old = response.answered_at < now - WORKED
        if old or response.invitation.reason == InvitationReason.IMPORTED or rng.random() < 0.06:
            cases.append(_dismissed(response, old=old, rng=rng, staff=staff))
            continue
        customer: Any = response.invitation.respondent.customer
        known = open_ones.get(customer.pk)
        if known is not None and response.answered_at < known.until:
            _join(known, response)
            continue
        owner = owner_among(staff, account=customer.owner_email, campaign=None)
        if owner is None and response.answered_at < now - UNASSIGNED:
            owner = rng.choice(staff)
        work = hours[owner.pk if owner else None]
        due = due_after(response.answered_at, hours=RULE.due_hours, work=work)
        open_ones[customer.pk] = _opened(response, owner=owner, due=due, rng=rng, now=now)
        made.append(open_ones[customer.pk])
    _write(made, cases)


def _dismissed(
    response: Any, *, old: bool, rng: random.Random, staff: Sequence[StaffUser]
) -> AnswerCase:
    history = old or response.invitation.reason == InvitationReason.IMPORTED
    return AnswerCase(
        response=response,
        dismissed=Dismissal.HISTORY
        if history
        else rng.choice([Dismissal.SOLVED, Dismissal.MISTAKE]),
        decided_by=None if history else rng.choice(staff),
        decided_at=response.answered_at + 5 * HOUR,
    )


def _join(known: _Made, response: Any) -> None:
    known.responses.append(response.pk)
    known.follow_up.version += 1
    known.entries.append(_entry(response.answered_at, Step.JOINED, response=response))


def _opened(
    response: Any,
    *,
    owner: StaffUser | None,
    due: dt.datetime,
    rng: random.Random,
    now: dt.datetime,
) -> _Made:
    at = response.answered_at
    found = FollowUp(
        customer=response.invitation.respondent.customer,
        respondent=response.invitation.respondent,
        trigger=Trigger.SCORE,
        owner=owner,
        opened_at=at,
        due_at=due,
        first_due_at=due,
    )
    made = _Made(found, now, [_entry(at, Step.OPENED, response=response)], [response.pk])
    # One in five is late, and of the last weeks some are still under way.
    spent = due - at
    closes = at + spent * (rng.uniform(1.1, 3) if rng.random() < 0.2 else rng.uniform(0.3, 0.98))
    contact = at + (closes - at) * rng.uniform(0.1, 0.9)
    language = response.language if response.language in DONE else "en"
    if owner is None:
        return made
    if contact < now and rng.random() < 0.8:
        found.first_contact_at, found.state = contact, State.WORKING
        made.entries.append(_entry(contact, Step.CONTACTED, by=owner))
    if closes < now and not (closes > now - 20 * DAY and rng.random() < 0.3):
        _close(made, response, closes, text=rng.choice(DONE[language]), by=owner)
    elif contact < now and rng.random() < 0.4:
        _snooze(made, now, text=AWAY[language], by=owner, days=rng.randrange(3, 12))
    return made


def _close(made: _Made, response: Any, at: dt.datetime, *, text: str, by: StaffUser) -> None:
    found = made.follow_up
    found.state, found.closed_as, found.closed_at = State.CLOSED, ClosedAs.DONE, at
    found.root_cause = CAUSES.get(response.tags, Cause.UNKNOWN)
    found.outcome = text
    made.until = at
    contacted = found.first_contact_at is not None
    made.entries.append(
        _entry(at, Step.CLOSED, by=by, text=text, cause=found.root_cause, contacted=contacted)
    )


def _snooze(made: _Made, now: dt.datetime, *, text: str, by: StaffUser, days: int) -> None:
    found = made.follow_up
    found.state, found.due_at = State.WAITING, now + days * DAY
    until = found.due_at.date().isoformat()
    made.entries.append(_entry(now - 2 * HOUR, Step.SNOOZED, by=by, text=text, until=until))


def _entry(
    at: dt.datetime,
    step: Step,
    *,
    response: Any = None,
    by: StaffUser | None = None,
    text: str = "",
    **detail: Any,
) -> FollowUpEntry:
    if response is not None:
        detail |= {"response": response.pk, "score": response.score}
    return FollowUpEntry(at=at, step=step, by=by, text=text, detail=detail)


def _write(made: Sequence[_Made], cases: list[AnswerCase]) -> None:
    FollowUp.objects.bulk_create([each.follow_up for each in made], batch_size=ROWS)
    FollowUpEntry.objects.bulk_create(_entries(made), batch_size=ROWS)
    cases += [
        AnswerCase(response_id=pk, follow_up=each.follow_up, decided_at=each.follow_up.opened_at)
        for each in made
        for pk in each.responses
    ]
    AnswerCase.objects.bulk_create(cases, batch_size=ROWS)


def _entries(made: Sequence[_Made]) -> Iterator[FollowUpEntry]:
    for each in made:
        for entry in sorted(each.entries, key=lambda entry: entry.at):
            entry.follow_up = each.follow_up
            yield entry
