"""Recording answers, and the intents that may come before them.

Several posts of one person, and several programs that pose as one, meet on one row; a burst of
different scores is set aside and what stood before it stands again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction

from config.celery import enqueue
from surveys.domain.answers.scanners import (
    Evidence,
    Post,
    Signals,
    is_gesture,
    judge,
    suspect_posts,
)
from surveys.domain.answers.scoring import Category, category
from surveys.models import Intent, Invitation, Response, ResponseChange

POSTS_KEPT = 20
TRIES = 3


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
    """One response per invitation, whatever arrives at once; each change leaves a ledger row.

    `signals`: what the page told of the post: gesture, seconds, had_get.
    """
    answer = _Answer(
        score=score,
        comment=comment,
        extra=extra or {},
        language=language or invitation.language,
        now=now,
        **(signals or {}),
    )
    exists = hasattr(invitation, "response")
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                response = _change(invitation, answer) if exists else _add(invitation, answer)
        except IntegrityError:
            # Another post for this invitation was first: this one becomes a change of it.
            exists = True
        else:
            return response
    raise RuntimeError(f"invitation {invitation.pk}: the response could not be recorded")


def answer_times(invitation: Invitation) -> list[dt.datetime]:
    """Of the latest posts of an answer, those set aside too."""
    response = getattr(invitation, "response", None)
    return [dt.datetime.fromisoformat(each["at"]) for each in _posts_of(response)]


def record_intent(
    invitation: Invitation,
    *,
    score: int,
    gesture: str,
    changed: bool = False,
    now: dt.datetime,
) -> Intent | None:
    """A score that a trusted gesture showed; None where it is no evidence or already answered.

    `changed`: another choice on the same page, which replaces the post before it, so that making
    up one's mind is no burst.
    """
    if not is_gesture(gesture, is_trusted=True) or _is_answered(invitation):
        return None
    exists = hasattr(invitation, "intent")
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                return _store_intent(
                    invitation,
                    score=score,
                    gesture=gesture,
                    changed=changed,
                    now=now,
                    exists=exists,
                )
        except IntegrityError:
            exists = True
    raise RuntimeError(f"invitation {invitation.pk}: the intent could not be recorded")


def _add(invitation: Invitation, answer: _Answer) -> Response:
    history = _History(intents=_intents_of(invitation))
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
    _write_ledger(response, before=None, now=answer.now)
    _tell_owner(invitation, response, answer)
    return response


def _change(invitation: Invitation, answer: _Answer) -> Response:
    response = Response.objects.select_for_update().get(invitation_id=invitation.pk)
    history = _History(_posts_of(response), _intents_of(invitation))
    before = counted_score(response)
    if _verdict(answer, history) is Evidence.SUSPECT:
        _set_aside(response, answer, history)
    else:
        _take(response, answer)
    response.changed_at = answer.now
    response.signals = _signals(answer, history)
    response.save()
    _write_ledger(response, before=before, now=answer.now)
    _tell_owner(invitation, response, answer)
    return response


def counted_score(response: Response) -> int | None:
    return None if response.suspect else response.score


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
    posts = [*_as_posts(history.answers), Post(answer.now, answer.score)]
    positions = suspect_posts([*posts, *_as_posts(history.intents)])
    return min((posts[at].at for at in positions if at < len(posts)), default=answer.now)


def _verdict(answer: _Answer, history: _History) -> Evidence:
    """A button pressed with a gesture is held against such answers only.

    So a person is believed right after a scanner went through every link.
    """
    if answer.gestured:
        others = _as_posts([each for each in history.answers if each["gesture"]])
    else:
        others = _as_posts([*history.answers, *history.intents])
    return judge(
        Signals(
            post=Post(answer.now, answer.score),
            others=others,
            had_get=answer.had_get,
            seconds_from_load=answer.seconds,
        )
    )


def _store_intent(
    invitation: Invitation,
    *,
    score: int,
    gesture: str,
    changed: bool,
    now: dt.datetime,
    exists: bool,
) -> Intent:
    if exists:
        intent = Intent.objects.select_for_update().get(invitation_id=invitation.pk)
    else:
        intent = Intent(invitation_id=invitation.pk)
    posts = _posts_of(intent)
    if changed and posts:
        posts = posts[:-1]
    others = _as_posts([*posts, *_posts_of(getattr(invitation, "response", None))])
    signals = Signals(Post(now, score), others=others, gesture=gesture, gesture_trusted=True)
    intent.score, intent.at = score, now
    intent.suspect = judge(signals) is Evidence.SUSPECT
    posts = [*posts, _post(now, score, gesture)]
    intent.signals = {"gesture": gesture, "posts": posts[-POSTS_KEPT:]}
    intent.save(force_insert=not exists)
    return intent


def _is_answered(invitation: Invitation) -> bool:
    response = getattr(invitation, "response", None)
    return response is not None and not response.suspect


def _write_ledger(response: Response, *, before: int | None, now: dt.datetime) -> None:
    ResponseChange.objects.create(
        response=response,
        at=now,
        score_before=before,
        score_after=counted_score(response),
        comment=response.comment,
        extra=response.extra,
    )


def _tell_owner(invitation: Any, response: Response, answer: _Answer) -> None:
    """At once where a gesture was seen; else the sweep does it when no burst has followed."""
    if response.owner_told_at or not answer.gestured or counted_score(response) is None:
        return
    if category(response.score) is Category.DETRACTOR and invitation.owner_email:
        enqueue("surveys.tasks.notify_detractor", response.pk)


def _signals(answer: _Answer, history: _History) -> dict[str, Any]:
    posts = [*history.answers, _post(answer.now, answer.score, answer.gesture)]
    return {
        "gesture": answer.gesture if answer.gestured else "",
        "seconds": answer.seconds,
        "had_get": answer.had_get,
        "posts": posts[-POSTS_KEPT:],
    }


def _post(now: dt.datetime, score: int, gesture: str) -> dict[str, Any]:
    trusted = gesture if is_gesture(gesture, is_trusted=True) else ""
    return {"at": now.isoformat(), "score": score, "gesture": trusted}


def _intents_of(invitation: Any) -> list[dict[str, Any]]:
    return list((invitation.intent_signals or {}).get("posts", ()))


def _posts_of(row: Response | Intent | None) -> list[dict[str, Any]]:
    return list(row.signals.get("posts", ())) if row is not None else []


def _as_posts(kept: list[dict[str, Any]]) -> tuple[Post, ...]:
    return tuple(Post(dt.datetime.fromisoformat(each["at"]), each["score"]) for each in kept)
