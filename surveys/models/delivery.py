from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from surveys.models.invitations import Invitation


class Attempt(models.Model):
    """One try to hand a mail over; committed before connecting, brought up to date by phase."""

    class Kind(models.TextChoices):
        SURVEY = "survey", _("survey")
        REMINDER = "reminder", _("reminder")

    # The constraint below starts with it.
    invitation = models.ForeignKey(
        Invitation, models.PROTECT, related_name="attempts", db_index=False
    )
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.SURVEY)
    number = models.PositiveSmallIntegerField()
    email = models.CharField(max_length=320)
    worker = models.CharField(max_length=100, blank=True)
    phase = models.CharField(max_length=12, blank=True)
    code = models.PositiveSmallIntegerField(null=True, blank=True)
    reply = models.CharField(max_length=300, blank=True)
    outcome = models.CharField(max_length=10, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["invitation", "kind", "number"], name="one_attempt_per_number"
            )
        ]
        indexes = [
            models.Index(
                fields=["started_at"], condition=models.Q(outcome=""), name="attempt_in_flight"
            )
        ]

    def __str__(self) -> str:
        return f"{self.invitation_id} {self.kind} {self.number} {self.outcome}"


class Sender(models.Model):
    """What a sender is at: the latest of the e-mails in its hand that it has begun.

    It goes through them in the order of their ids. On PostgreSQL the table is unlogged: writing it
    waits for no disk, and a crash of the database empties it. What it does not know nobody knows.
    """

    token = models.CharField(max_length=100, primary_key=True)
    # The id of its invitation; 0 before the first.
    begun = models.BigIntegerField(default=0)
    begun_at = models.DateTimeField()
    # Of which run of the machine, where the database is a file.
    boot = models.CharField(max_length=36, blank=True)

    class Meta:
        verbose_name = _("sender")
        verbose_name_plural = _("senders")

    def __str__(self) -> str:
        return self.token


class DeliveryEvent(models.Model):
    """What a provider or a bounce mail told us: kept as it came, applied by a worker."""

    provider = models.CharField(max_length=30)
    event_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    invitation = models.ForeignKey(
        Invitation, models.PROTECT, null=True, blank=True, related_name="delivery_events"
    )
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("delivery event")
        verbose_name_plural = _("delivery events")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "event_id"], name="one_row_per_delivery_event"
            )
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(applied_at__isnull=True),
                name="delivery_event_unapplied",
            )
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.kind}"


class DomainHealth(models.Model):
    """The breaker and the pace of a recipient domain; the empty domain is our own mail server.

    A domain without a row never refused anything.
    """

    domain = models.CharField(max_length=255, unique=True)
    refused_in_a_row = models.PositiveIntegerField(default=0)
    # [[ISO time, refused], …] of the last minute.
    recent = models.JSONField(default=list)
    open_until = models.DateTimeField(null=True, blank=True)
    times_opened = models.PositiveIntegerField(default=0)
    probe_at = models.DateTimeField(null=True, blank=True)
    # Since when it is open, or half open.
    failing_since = models.DateTimeField(null=True, blank=True)
    tokens = models.FloatField(null=True, blank=True)
    tokens_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("domain health")
        verbose_name_plural = _("domain health")

    def __str__(self) -> str:
        return self.domain or "(our mail server)"


class SenderCheck(models.Model):
    """What DNS said of a sender's domain when somebody last looked.

    Campaigns may be sent from the organisation's domain and from those that an admin confirmed.
    """

    domain = models.CharField(max_length=255, unique=True)
    # The name of the DKIM key that was told; empty: the usual ones were tried.
    selector = models.CharField(max_length=63, blank=True)
    looked_at = models.DateTimeField()
    # Of SPF, DKIM and DMARC; see `domain/mail/sender_domain.py`.
    verdicts = models.JSONField(default=list)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("check of a sender")
        verbose_name_plural = _("checks of senders")

    def __str__(self) -> str:
        return self.domain
