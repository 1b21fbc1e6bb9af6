"""Intents: a score shown by a gesture, before the button is pressed or instead of it."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction

from surveys.domain.answers.scanners import (
    Evidence,
    Post,
    Signals,
    is_gesture,
    judge,
    posts_from,
    stored_post,
)
from surveys.models import Intent, Invitation
from surveys.services.answers.receive import POSTS_KEPT, TRIES, hold_link


def record_intent(
    invitation: Invitation,
    *,
    score: int,
    gesture: str,
    changed: bool = False,
    now: dt.datetime,
) -> Intent | None:
    """A score that a trusted gesture showed; None where it is no evidence or comes too late.

    Too late: after the answer, or after the person was erased.

    `changed`: another choice on the same page, which replaces the post before it, so that making
    up one's mind is no burst.
    """
    if not is_gesture(gesture, is_trusted=True) or _is_answered(invitation):
        return None
    exists = hasattr(invitation, "intent")
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                if not hold_link(invitation):
                    return None
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
    posts = intent.posts
    if changed and posts:
        posts = posts[:-1]
    response = getattr(invitation, "response", None)
    others = posts_from([*posts, *(response.posts if response else ())])
    signals = Signals(Post(now, score), others=others, gesture=gesture, gesture_trusted=True)
    intent.score, intent.at = score, now
    intent.suspect = judge(signals) is Evidence.SUSPECT
    posts = [*posts, stored_post(now, score=score, gesture=gesture)]
    intent.signals = {"gesture": gesture, "posts": posts[-POSTS_KEPT:]}
    intent.save(force_insert=not exists)
    return intent


def _is_answered(invitation: Invitation) -> bool:
    response = getattr(invitation, "response", None)
    return response is not None and not response.suspect
