from __future__ import annotations

import datetime as dt
import secrets

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, Respondent, SegmentProfile
from surveys.domain.reasons import WITHOUT_MAIL
from surveys.domain.states import InvitationState
from surveys.labels import INVITATION_STATE_LABELS, invitation_reason
from surveys.models.campaigns import Campaign
from surveys.models.fields import ReasonField

# From when on an invitation counts for the cap, of those that do.
ASKED_AT = Coalesce("sent_at", "claimed_at")


def new_public_id() -> str:
    """128 random bits; links are derived from it with a secret key, so this row holds no link."""
    return secrets.token_urlsafe(16)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def due(self, now: dt.datetime) -> InvitationQuerySet:
        return self.filter(
            state__in=[InvitationState.QUEUED, InvitationState.RETRY], send_at__lte=now
        )


class Invitation(models.Model):
    """One respondent asked once by one campaign, or once for each occasion by one that goes on."""

    # The indexes below that start with the campaign or the person serve their keys as well.
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="invitations", db_index=False
    )
    respondent = models.ForeignKey(Respondent, models.PROTECT, related_name="invitations")
    # The cap and the claim look at the person, so the claim needs no join to find it.
    person = models.ForeignKey(Person, models.PROTECT, related_name="invitations", db_index=False)
    # Unique by a constraint: `unique=True` would bring a second index, for LIKE.
    public_id = models.CharField(max_length=22, default=new_public_id)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=[(state.value, label) for state, label in INVITATION_STATE_LABELS.items()],
        default=InvitationState.QUEUED,
    )
    reason = ReasonField(max_length=60, blank=True)
    send_at = models.DateTimeField(null=True, blank=True)
    # Until when it may be claimed: the end of the allowed hours that `send_at` lies in, on the
    # respondent's clock. None: at any hour.
    send_by = models.DateTimeField(null=True, blank=True)
    # What it is asked for, by a campaign that goes on: the first day of a round, or the date that
    # it goes by; and from when on it is too late for that.
    occasion = models.CharField(max_length=10, blank=True, default="", db_default="")
    ask_by = models.DateTimeField(null=True, blank=True)
    # When a worker was last told of it; until that is old it is not told of again.
    dispatched_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    # When the person was asked, for the cap and the response rate. For imported history:
    # `invited_at` of the file, null where it was not given. Null for what staff entered, too: its
    # slot is used from `claimed_at` on.
    sent_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    attempts_made = models.PositiveSmallIntegerField(default=0)
    email = models.CharField(max_length=320, blank=True)
    language = models.CharField(max_length=2)
    message_id = models.CharField(max_length=200, blank=True)
    delivery_status = models.CharField(max_length=12, blank=True)
    # Frozen when sent: the values of the day the question was asked.
    attributes = models.JSONField(default=dict, blank=True)
    # No index: profiles are never deleted nor asked for their invitations, and each claim and each
    # settling of a mail writes every index of this table.
    profile = models.ForeignKey(
        SegmentProfile, models.PROTECT, null=True, blank=True, db_index=False
    )
    reminder_state = models.CharField(max_length=10, blank=True)
    reminder_send_at = models.DateTimeField(null=True, blank=True)
    reminder_send_by = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["public_id"], name="one_invitation_per_public_id"),
            # Campaigns without mail hold many answers of one respondent over the years.
            models.UniqueConstraint(
                fields=["campaign", "respondent", "occasion"],
                condition=~Q(reason__in=WITHOUT_MAIL),
                name="one_invitation_per_respondent_and_occasion",
            ),
            # Whoever is a respondent at several customers is asked once all the same.
            models.UniqueConstraint(
                fields=["campaign", "person", "occasion"],
                condition=~Q(reason__in=WITHOUT_MAIL),
                name="one_invitation_per_person_and_occasion",
            ),
        ]
        indexes = [
            models.Index(
                fields=["send_at"],
                condition=Q(state__in=["queued", "retry"]),
                name="invitation_due",
            ),
            models.Index(
                fields=["claimed_at"], condition=Q(state="sending"), name="invitation_in_flight"
            ),
            models.Index(
                fields=["reminder_send_at"],
                condition=Q(reminder_state__in=["queued", "retry"]),
                name="invitation_reminder_due",
            ),
            models.Index(fields=["person", "sent_at"], name="invitation_history"),
            models.Index(fields=["campaign", "state"], name="invitation_balance"),
            models.Index(
                fields=["ask_by"],
                condition=Q(ask_by__isnull=False, state__in=["queued", "retry"]),
                name="invitation_too_late",
            ),
            models.Index(
                fields=["sent_at"],
                condition=Q(sent_at__isnull=False),
                name="invitation_sent",
            ),
            # Every report counts those whose fate nobody knows; they are few.
            models.Index(
                fields=["sent_at"], condition=Q(state="unknown"), name="invitation_unknown"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id}/{self.respondent_id} {self.state}"

    @property
    def reason_label(self) -> str:
        return invitation_reason(self.reason)


class Slot(models.Model):
    """One of the surveys a person may be sent in any 8,760 hours.

    Free means: nobody holds it and `free_at` has passed.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="slots", db_index=False)
    number = models.PositiveSmallIntegerField()
    free_at = models.DateTimeField()
    prev_free_at = models.DateTimeField(null=True, blank=True)
    held_by = models.OneToOneField(
        Invitation, models.PROTECT, null=True, blank=True, related_name="slot"
    )

    class Meta:
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        constraints = [
            models.UniqueConstraint(fields=["person", "number"], name="one_slot_per_number"),
            models.CheckConstraint(condition=Q(number__in=[0, 1]), name="two_slots_at_most"),
        ]
        indexes = [
            # Planning looks at those whose slot came free since it last looked.
            models.Index(
                fields=["free_at"], condition=Q(held_by__isnull=True), name="slot_free_from"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}/{self.number} free from {self.free_at:%Y-%m-%d %H:%M}"
