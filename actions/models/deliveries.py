from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from actions.domain.deliveries.states import DeliveryState, Disabled, Kind
from actions.labels import (
    CHANNEL_KIND_LABELS,
    DELIVERY_STATE_LABELS,
    DISABLED_LABELS,
    EVENT_LABELS,
)


class Channel(models.Model):
    """Where messages go that are not e-mails: a room of a chat, or any program's address."""

    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(
        max_length=12, choices=[(each.value, CHANNEL_KIND_LABELS[each]) for each in Kind]
    )
    # Whoever knows the address may write there: it is a secret, and sealed like one.
    sealed_url = models.TextField()
    # What of it is shown: the host and the last signs.
    shown = models.CharField(max_length=300)
    # Of Standard Webhooks; empty for what does not verify signatures.
    sealed_secret = models.TextField(blank=True, default="")
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    # Empty: it is in use.
    disabled = models.CharField(
        max_length=10,
        blank=True,
        default="",
        choices=[(each.value, DISABLED_LABELS[each]) for each in Disabled],
    )
    disabled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("alerts", "channel")
        verbose_name_plural = pgettext_lazy("alerts", "channels")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One message on its way to one receiver. The row is the truth: written with what it tells of.

    Claiming moves `next_at` on by a lease, so what a killed worker had in hand comes back by
    itself: every message goes out at least once.
    """

    # What it is about and for whom: the same is never queued twice.
    key = models.CharField(max_length=120, unique=True)
    # The same at every try, so that a receiver knows what it has had already.
    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    event = models.CharField(max_length=60)
    # Ids and little more: the words are read when it is sent, so what was erased is not in it.
    payload = models.JSONField(default=dict, blank=True)
    channel = models.ForeignKey(
        Channel, models.CASCADE, null=True, blank=True, related_name="deliveries"
    )
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    lane = models.CharField(max_length=30)
    # Of a lane, those in order leave one after the other.
    in_order = models.BooleanField(default=False)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=[(each.value, DELIVERY_STATE_LABELS[each]) for each in DeliveryState],
        default=DeliveryState.WAITING.value,
    )
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    # Counted up by each claim; only the last claim settles.
    attempts = models.PositiveSmallIntegerField(default=0)
    # Of the last try.
    tried_at = models.DateTimeField(null=True, blank=True)
    milliseconds = models.PositiveIntegerField(null=True, blank=True)
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True, default="")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-pk"]
        indexes = [
            # What waits is little beside what was sent, and is asked for every 10 seconds.
            models.Index(
                fields=["lane", "id"],
                name="delivery_waiting",
                condition=Q(state=DeliveryState.WAITING.value),
            ),
            models.Index(fields=["lane", "-id"], name="delivery_log"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.lane} {self.state}"

    def get_event_display(self) -> str:
        """What others add to the events is told by its name."""
        return str(EVENT_LABELS.get(self.event, self.event))


class DeliveryTry(models.Model):
    """What came of one try. Of a try whose worker was killed nobody knows, so it has no row."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("try of a delivery")
        verbose_name_plural = _("tries of deliveries")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.status_code or self.error}"
