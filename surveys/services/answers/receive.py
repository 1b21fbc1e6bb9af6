"""Receiving and recording answers.

Several posts of one person, and several programs that pose as one, meet on one row; a burst of
different scores is set aside and what stood before it stands again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.dispatch import Signal

from surveys.domain.answers.form import Form, Posted, chosen_language, last_of, read_form
from surveys.domain.answers.questions import questions_in
from surveys.domain.answers.scanners import (
    Evidence,
    Post,
    Signals,
    is_gesture,
    judge,
    posts_from,
    stored_post,
    suspect_posts,
)
from surveys.domain.answers.validity import POSTS_PER_LINK, too_many_posts
from surveys.models import Invitation, Response, ResponseChange
from surveys.queries.answers.by_link import hold_invitation, is_open

# Of the rows of the ledger that were written, `changes`, in the transaction of the answer: what
# follows from an answer is on disk when the answer is.
ledger_written = Signal()
POSTS_KEPT = POSTS_PER_LINK


@dataclass(frozen=True, slots=True)
class _Answer:
    score: int
    comment: str
    extra: Mapping[str, Any]
    language: str
    now: dt.datetime
    gesture: str = ""
    seconds: float | None = None
    had_get: bool = True

    @property
    def gestured(self) -> bool:
        return is_gesture(self.gesture, is_trusted=True)


@dataclass(frozen=True, slots=True)
class _History:
    """The posts for one invitation so far, as kept on its rows."""

    answers: list[dict[str, Any]] = field(default_factory=list)
    intents: list[dict[str, Any]] = field(default_factory=list)


# What an answer says: the rest of its row is written by staff.
ANSWERED = (
    "score", "comment", "extra", "language", "answered_at", "changed_at", "suspect", "signals",
)  # fmt: skip


class AnswerOutcome(StrEnum):
    NO_LINK = "no_link"
    CLOSED = "closed"
    TOO_MANY = "too_many"
    REFUSED = "refused"
    RECORDED = "recorded"


@dataclass(frozen=True, slots=True)
class Receipt:
    outcome: AnswerOutcome
    invitation: Invitation | None = None
    language: str = ""
    form: Form | None = None
    # Of what was recorded: gesture, button or suspect.
    evidence: str = ""


@transaction.atomic
def receive(public_id: str | None, posted: Posted, *, now: dt.datetime) -> Receipt:
    """A posted form, from the link to the row. RECORDED: it is committed, so on disk."""
    invitation = hold_invitation(public_id)
    if invitation is None:
        return Receipt(AnswerOutcome.NO_LINK)
    if not is_open(invitation, now=now):
        return Receipt(AnswerOutcome.CLOSED, invitation)
    if too_many_posts((each.at for each in posts_from(_history_of(invitation).answers)), now=now):
        return Receipt(AnswerOutcome.TOO_MANY, invitation)
    campaign = invitation.campaign
    language = chosen_language(
        last_of(posted, "lang"), asked_in=campaign.languages, default=invitation.language
    )
    questions = questions_in(campaign.questions, language=language)
    form = read_form(posted, questions=questions, now=now)
    if form.score is None or form.faults:
        return Receipt(AnswerOutcome.REFUSED, invitation, language, form)
    response = record_response(
        invitation,
        score=form.score,
        comment=form.comment,
        extra=form.extra,
        signals=form.signals,
        language=language,
        now=now,
    )
    evidence = _evidence_of(response)
    return Receipt(AnswerOutcome.RECORDED, invitation, language, evidence=evidence)


def record_response(
    invitation: Invitation,
    *,
    score: int,
    comment: str = "",
    extra: Mapping[str, Any] | None = None,
    signals: Mapping[str, Any] | None = None,
    language: str = "",
    now: dt.datetime,
) -> Response:
    """One response per invitation; each change leaves a ledger row.

    `invitation`: held by this transaction. `signals`: what the page told of the post: gesture,
    seconds, had_get.
    """
    history = _history_of(invitation)
    answer = _Answer(
        score=score,
        comment=comment,
        extra=extra or {},
        language=language or invitation.language,
        now=not_before([*history.answers, *history.intents], now=now),
        **(signals or {}),
    )
    response = getattr(invitation, "response", None)
    if response is None:
        return _add(invitation, answer, history)
    return _change(response, answer, history)


def not_before(posts: Iterable[Mapping[str, Any]], *, now: dt.datetime) -> dt.datetime:
    """Who waited for another post comes after it, whatever the clock said at the door."""
    return max([now, *(each.at for each in posts_from(posts))])


def _add(invitation: Invitation, answer: _Answer, history: _History) -> Response:
    suspect = _verdict(answer, history) is Evidence.SUSPECT
    response = Response(
        invitation_id=invitation.pk,
        score=answer.score,
        comment=answer.comment,
        extra=dict(answer.extra),
        language=answer.language,
        answered_at=answer.now,
        changed_at=answer.now,
        suspect=suspect,
        signals=_signals(answer, history),
    )
    response.save(force_insert=True)
    write_ledger([change_of(response, before=None, at=answer.now)])
    return response


def _change(response: Response, answer: _Answer, history: _History) -> Response:
    before = counted_score(response)
    if _verdict(answer, history) is Evidence.SUSPECT:
        _set_aside(response, answer, history)
    else:
        _take(response, answer)
    response.changed_at = answer.now
    response.signals = _signals(answer, history)
    # Not the note and the tags that staff may be writing meanwhile.
    response.save(update_fields=ANSWERED)
    write_ledger([change_of(response, before=before, at=answer.now)])
    return response


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
    """The one place that writes it, whoever entered the answers."""
    written = ResponseChange.objects.bulk_create(changes)
    ledger_written.send(ResponseChange, changes=written)


def _take(response: Response, answer: _Answer) -> None:
    if response.suspect and _may_change_day(response):
        # The first answer that counts decides the day, not the scanner before it.
        response.answered_at = answer.now
    response.score = answer.score
    response.comment = answer.comment
    response.extra = dict(answer.extra)
    response.language = answer.language
    response.suspect = False


def _may_change_day(response: Response) -> bool:
    """While some of its ledger rows are folded into the old day and some not, the day stays."""
    return response.changes.order_by().values_list("folded").distinct().count() < 2


def _set_aside(response: Response, answer: _Answer, history: _History) -> None:
    """What was answered before the burst stands again; where nothing was, nothing counts."""
    before = _last_before(response, _burst_start(answer, history))
    if before is not None and before.score_after is not None:
        response.score = before.score_after
        response.comment = before.comment
        response.extra = before.extra
        response.suspect = False
        return
    response.score = answer.score
    response.comment = answer.comment
    response.extra = dict(answer.extra)
    response.suspect = True


def _last_before(response: Response, start: dt.datetime) -> ResponseChange | None:
    return response.changes.filter(at__lt=start).order_by("-id").first()


def _burst_start(answer: _Answer, history: _History) -> dt.datetime:
    posts = [*posts_from(history.answers), Post(answer.now, answer.score)]
    positions = suspect_posts([*posts, *posts_from(history.intents)])
    return min((posts[at].at for at in positions if at < len(posts)), default=answer.now)


def _verdict(answer: _Answer, history: _History) -> Evidence:
    """A button pressed with a gesture is held against such answers only.

    So a person is believed right after a scanner went through every link.
    """
    if answer.gestured:
        others = posts_from([each for each in history.answers if each["gesture"]])
    else:
        others = posts_from([*history.answers, *history.intents])
    return judge(Signals(Post(answer.now, answer.score), others=others))


def _signals(answer: _Answer, history: _History) -> dict[str, Any]:
    posts = [*history.answers, stored_post(answer.now, score=answer.score, gesture=answer.gesture)]
    return {
        "gesture": answer.gesture if answer.gestured else "",
        "seconds": answer.seconds,
        "had_get": answer.had_get,
        "posts": posts[-POSTS_KEPT:],
    }


def _evidence_of(response: Response) -> str:
    if response.suspect:
        return "suspect"
    return "gesture" if response.signals["gesture"] else "button"


def _history_of(invitation: Any) -> _History:
    response = getattr(invitation, "response", None)
    intents = (invitation.intent_signals or {}).get("posts", ())
    return _History(response.posts if response else [], list(intents))
