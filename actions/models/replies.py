from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Respondent
from actions.domain.replies import NOT_SENT, ReplyState
from actions.labels import REPLY_LABELS
from actions.models.follow_ups import FollowUp


class Reply(models.Model):
    """An e-mail to a customer that was written in a follow-up. It is no survey: it has no slot."""

    follow_up = models.ForeignKey(FollowUp, models.PROTECT, related_name="replies")
    respondent = models.ForeignKey(Respondent, models.PROTECT, related_name="+")
    # What its form was given when it was opened: sent twice, it is one reply.
    key = models.UUIDField(unique=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reply_to = models.EmailField(max_length=254)
    to = models.CharField(max_length=320, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True)
    written_at = models.DateTimeField()
    state = models.CharField(
        max_length=10,
        choices=[(each.value, label) for each, label in REPLY_LABELS.items()],
        default=ReplyState.WAITING,
    )
    tries = models.PositiveSmallIntegerField(default=0)
    # In hand: when its worker counts as lost.
    next_try_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    # What the mail server said last.
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        indexes = [
            models.Index(
                fields=["follow_up"], name="reply_unsent", condition=Q(state__in=NOT_SENT)
            ),
            models.Index(
                fields=["next_try_at"], name="reply_waiting", condition=Q(state=ReplyState.WAITING)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.follow_up_id} {self.state} {self.written_at:%Y-%m-%d %H:%M}"


class ReplyTemplate(models.Model):
    """How an organisation begins its replies in a language; without a row Koe's own text stands."""

    language = models.CharField(
        _("language"), max_length=2, choices=settings.LANGUAGES, unique=True
    )
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("template of replies")
        verbose_name_plural = _("templates of replies")

    def __str__(self) -> str:
        return self.language
