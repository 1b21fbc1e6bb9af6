from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Max, Min, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from api.domain.ids import shown_id
from api.models.keys import Project
from surveys.domain.states import CLAIMABLE
from surveys.models import Invitation


class MemberQuerySet(models.QuerySet["Member"]):
    def of(self, project: Project) -> MemberQuerySet:
        return self.filter(project=project, deleted_at=None)

    def with_moments(self) -> MemberQuerySet:
        """When each was asked and answered last, and when they are asked next, by the project."""
        answered = Max("invitation__response__answered_at")
        waiting = Q(invitation__state__in=CLAIMABLE)
        return self.annotate(
            asked_at=_of_asks(Max("invitation__sent_at")),
            answered_at=_of_asks(answered),
            next_at=_of_asks(Min("invitation__send_at", filter=waiting)),
        )


class Member(models.Model):
    """Somebody as a project knows them: by one address, or a phone number alone.

    Addresses of one mailbox are several members, as they were several people in Delighted; the cap
    is that of the one person behind them.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    # The id that they had in Delighted.
    kept_id = models.BigIntegerField(null=True, blank=True)
    email = models.CharField(max_length=320, blank=True)
    # In small letters: how a request finds them.
    email_key = models.CharField(max_length=320, blank=True)
    name = models.CharField(max_length=255, blank=True)
    phone_number = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField()
    # As another program told: of surveys that were sent elsewhere.
    last_sent_at = models.DateTimeField(null=True, blank=True)
    # By the project itself. The row stays, without name and address, for what was answered.
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("person of a project")
        verbose_name_plural = _("people of projects")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "email_key"],
                condition=~Q(email_key=""),
                name="one_member_per_address",
            ),
            models.UniqueConstraint(
                fields=["project", "phone_number"],
                condition=~Q(phone_number=""),
                name="one_member_per_phone_number",
            ),
            models.UniqueConstraint(fields=["project", "kept_id"], name="one_member_per_kept_id"),
        ]
        indexes = [
            models.Index(fields=["project", "created_at", "id"], name="member_in_order"),
        ]

    def __str__(self) -> str:
        return self.shown_id

    @property
    def shown_id(self) -> str:
        return shown_id(self.pk, self.kept_id)


class AskQuerySet(models.QuerySet["Ask"]):
    def of(self, project: Project) -> AskQuerySet:
        return self.filter(project=project, member__deleted_at=None)

    def answered(self) -> AskQuerySet:
        """With an answer that counts; with `answered_at` and `changed_at` of it."""
        counted = self.filter(invitation__response__suspect=False)
        return counted.annotate(
            answered_at=F("invitation__response__answered_at"),
            changed_at=F("invitation__response__changed_at"),
        )


class Ask(models.Model):
    """What a project asked of somebody, or was told of them: the invitation behind it."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="asks")
    # Whose answer it is to the project; the invitation stays with the person who was asked.
    member = models.ForeignKey(Member, models.PROTECT, related_name="asks")
    invitation = models.OneToOneField(Invitation, models.CASCADE, related_name="ask")
    properties = models.JSONField(default=dict, blank=True)
    # The id that the answer had in Delighted.
    kept_id = models.BigIntegerField(null=True, blank=True)

    objects = AskQuerySet.as_manager()

    class Meta:
        verbose_name = _("ask")
        verbose_name_plural = _("asks")
        constraints = [
            models.UniqueConstraint(fields=["project", "kept_id"], name="one_answer_per_kept_id")
        ]

    def __str__(self) -> str:
        return self.shown_id

    @property
    def shown_id(self) -> str:
        return shown_id(self.pk, self.kept_id)


def _of_asks(figure: Any) -> Any:
    mine = Ask.objects.filter(member=OuterRef("pk")).order_by().values("member")
    return Subquery(mine.annotate(figure=figure).values("figure"))
