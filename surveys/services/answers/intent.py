"""Intents: a score shown by a gesture, before the button is pressed or instead of it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

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
from surveys.queries.answers.by_link import hold_invitation, is_open
from surveys.services import limits
from surveys.services.answers.receive import POSTS_KEPT, AnswerOutcome, Receipt, not_before


def receive_intent(
    public_id: str | None, *, score: int, gesture: str, changed: bool, now: dt.datetime
) -> Receipt:
    """A score that a gesture showed, from the link to the row."""
    with transaction.atomic():
        invitation = hold_invitation(public_id)
        if invitation is None:
            return Receipt(AnswerOutcome.NO_LINK)
        if not is_open(invitation, now=now):
            return Receipt(AnswerOutcome.CLOSED, invitation)
        if limits.too_many_posts(invitation.public_id, kind="intent"):
            return Receipt(AnswerOutcome.TOO_MANY, invitation)
        _record(invitation, score=score, gesture=gesture, changed=changed, now=now)
        return Receipt(AnswerOutcome.RECORDED, invitation)


def _record(
    invitation: Invitation,
    *,
    score: int,
    gesture: str,
    changed: bool,
    now: dt.datetime,
) -> None:
    """Nothing where it is no evidence or already answered.

    `changed`: another choice on the same page, which
    replaces the post before it, so that making up one's mind is no burst.
    """
    if not is_gesture(gesture, is_trusted=True) or _is_answered(invitation):
        return
    intent = Intent.objects.filter(invitation_id=invitation.pk).first()
    posts = intent.posts if intent else []
    if changed and posts:
        posts = posts[:-1]
    response = getattr(invitation, "response", None)
    others = [*posts, *(response.posts if response else ())]
    now = not_before(others, now=now)
    signals = Signals(
        Post(now, score), others=posts_from(others), gesture=gesture, gesture_trusted=True
    )
    posts = [*posts, stored_post(now, score=score, gesture=gesture)]
    Intent.objects.update_or_create(
        invitation_id=invitation.pk,
        defaults={
            "score": score,
            "at": now,
            "suspect": judge(signals) is Evidence.SUSPECT,
            "signals": {"gesture": gesture, "posts": posts[-POSTS_KEPT:]},
        },
    )


def _is_answered(invitation: Invitation) -> bool:
    response = getattr(invitation, "response", None)
    return response is not None and not response.suspect
