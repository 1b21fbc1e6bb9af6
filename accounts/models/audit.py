from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.labels import action_text, detail_text


class AuditEvent(models.Model):
    """Who did what to what, when. Rows are only ever added: triggers hold that."""

    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=60)
    target = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.target}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("An audit event is never changed.")
        super().save(*args, **kwargs)

    def get_action_display(self) -> str:
        return action_text(self.action)

    def get_detail_display(self) -> list[tuple[str, str]]:
        said = ((name, value) for name, value in self.detail.items() if value not in ("", None))
        return [detail_text(name, value) for name, value in said]


class AuditSeal(models.Model):
    """Ties an event to all that were sealed before it; written within minutes of the event.

    Not with the event: whoever notes something would wait for everybody else who does.
    """

    event = models.OneToOneField(AuditEvent, models.PROTECT, related_name="seal")
    # Unique: two that seal at once cannot make two chains.
    previous = models.CharField(max_length=64, unique=True, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("seal of an audit event")
        verbose_name_plural = _("seals of audit events")

    def __str__(self) -> str:
        return f"{self.event_id}: {self.digest[:12]}"


class AuditOrigin(models.Model):
    """From where a browser asked for it; apart from the event, as it is kept for 30 days only."""

    event = models.OneToOneField(AuditEvent, models.CASCADE, related_name="origin")
    address = models.CharField(max_length=45)
    agent = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("origin of an audit event")
        verbose_name_plural = _("origins of audit events")

    def __str__(self) -> str:
        return f"{self.event_id}: {self.address}"
