from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext_lazy as _

from surveys.domain.answers.scoring import DETRACTOR_MAX, PROMOTER_MIN, SCORE_MAX, Category
from surveys.models.invitations import Invitation


class ResponseQuerySet(models.QuerySet["Response"]):
    def counted(self) -> ResponseQuerySet:
        """The answers that figures are made of: not those of a suspect burst."""
        return self.filter(suspect=False)

    def with_category(self) -> ResponseQuerySet:
        return self.annotate(
            category=Case(
                When(score__gte=PROMOTER_MIN, then=Value(Category.PROMOTER.value)),
                When(score__lte=DETRACTOR_MAX, then=Value(Category.DETRACTOR.value)),
                default=Value(Category.PASSIVE.value),
                output_field=models.CharField(),
            )
        )


class Response(models.Model):
    """The answer to an invitation. Its category is derived from the score, never stored."""

    invitation = models.OneToOneField(Invitation, models.PROTECT, related_name="response")
    score = models.PositiveSmallIntegerField(_("score"))
    comment = models.TextField(_("comment"), blank=True)
    extra = models.JSONField(default=dict, blank=True)
    language = models.CharField(max_length=2, blank=True)
    # The first answer decides the day it counts for; edits change the score, not the day.
    answered_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    suspect = models.BooleanField(default=False)
    signals = models.JSONField(default=dict, blank=True)
    # When the account's owner knew of it without an e-mail: who wrote it down. What was sent stands
    # among the deliveries of `actions`.
    owner_told_at = models.DateTimeField(null=True, blank=True)
    # What we did about it: for staff, never shown to who answered.
    tags = models.CharField(
        _("tags"), max_length=300, blank=True, help_text=_("Separate with commas.")
    )
    note = models.TextField(_("note"), blank=True)
    # The id in the system the answer was imported from.
    response_id = models.CharField(max_length=100, null=True, blank=True, unique=True)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        ordering = ["-answered_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(score__gte=0, score__lte=SCORE_MAX), name="score_0_to_10"
            )
        ]
        indexes = [models.Index(fields=["-answered_at", "-id"], name="response_newest_first")]

    def __str__(self) -> str:
        return f"{self.invitation_id}: {self.score}"

    @property
    def posts(self) -> list[dict[str, Any]]:
        """What was posted for it lately, as `domain/answers/scanners.py` stores it."""
        return list(self.signals.get("posts", ()))


class ResponseChange(models.Model):
    """Every answer and every change of one: the ledger that the score cells are folded from.

    `score_before` and `score_after` are the counted scores; null means the response did not count
    (there was none yet, or it was suspect).
    """

    response = models.ForeignKey(Response, models.CASCADE, related_name="changes")
    at = models.DateTimeField()
    score_before = models.PositiveSmallIntegerField(null=True)
    score_after = models.PositiveSmallIntegerField(null=True)
    # As they were after the change.
    comment = models.TextField(blank=True)
    extra = models.JSONField(default=dict, blank=True)
    folded = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["id"], condition=Q(folded=False), name="response_change_unfolded")
        ]

    def __str__(self) -> str:
        return f"{self.response_id}: {self.score_before} -> {self.score_after}"


class Intent(models.Model):
    """A score shown by a trusted gesture on the page but not confirmed by the button."""

    invitation = models.OneToOneField(Invitation, models.CASCADE, related_name="intent")
    score = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    suspect = models.BooleanField(default=False)
    signals = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("intent")
        verbose_name_plural = _("intents")
        constraints = [
            models.CheckConstraint(
                condition=Q(score__gte=0, score__lte=SCORE_MAX), name="intent_score_0_to_10"
            )
        ]

    def __str__(self) -> str:
        return f"{self.invitation_id}: {self.score}?"

    @property
    def posts(self) -> list[dict[str, Any]]:
        """What was posted for it lately, as `domain/answers/scanners.py` stores it."""
        return list(self.signals.get("posts", ()))
