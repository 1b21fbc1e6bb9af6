from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from actions.models import Channel
from api.models.keys import ApiKey, Project


class Event(models.Model):
    """Something that happened, as programs are told of it: written with it and never changed.

    Ids and what changes later; names, words and addresses are read when it leaves, so what was
    erased by then is told to nobody.
    """

    # What happened: the same is never recorded twice.
    key = models.CharField(max_length=120, unique=True)
    name = models.CharField(max_length=40)
    at = models.DateTimeField()
    about = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("event for programs")
        verbose_name_plural = _("events for programs")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.name} {self.key}"


class Subscription(models.Model):
    """Which events a channel is told of. Without it a channel is told what rules say."""

    channel = models.OneToOneField(Channel, models.CASCADE, related_name="subscription")
    events = models.JSONField(_("events"), default=list)
    # Of this project alone; null: of everything.
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="subscriptions"
    )
    # Signs what leaves as Delighted's did.
    key = models.ForeignKey(
        ApiKey, models.PROTECT, null=True, blank=True, related_name="subscriptions"
    )
    with_comments = models.BooleanField(_("with comments"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.channel)
