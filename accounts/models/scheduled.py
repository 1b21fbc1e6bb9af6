from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.domain.imports.scheduling import Every, Way
from accounts.labels import EVERY_LABELS, WAY_LABELS
from accounts.models.imports import Import


class ScheduledImport(models.Model):
    """A place that a file is fetched from by itself, to go in as an uploaded one does."""

    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(max_length=12, choices=Import.Kind.choices)
    way = models.CharField(
        max_length=5,
        choices=[(each.value, WAY_LABELS[each]) for each in Way],
        default=Way.HTTPS.value,
    )
    # Whoever knows an https address may read the file: it is sealed like a secret.
    sealed_url = models.TextField()
    # What of it is shown.
    shown = models.CharField(max_length=300)
    user = models.CharField(max_length=200, blank=True)
    sealed_secret = models.TextField(blank=True)
    # Of S3 alone.
    region = models.CharField(max_length=40, blank=True)
    # Of SFTP alone: the fingerprints of the server's keys.
    host_keys = models.JSONField(default=list, blank=True)
    every = models.CharField(
        max_length=5,
        choices=[(each.value, EVERY_LABELS[each]) for each in Every],
        default=Every.DAY.value,
    )
    hour = models.PositiveSmallIntegerField(default=4)
    skip_bad_rows = models.BooleanField(default=False)
    is_on = models.BooleanField(default=True)
    # Moved on by a lease while a worker fetches, so what a killed one had in hand comes back.
    next_at = models.DateTimeField()
    # Somebody asked for it now: also a file that was fetched before, if it did not go in.
    by_hand = models.BooleanField(default=False)
    failures = models.PositiveSmallIntegerField(default=0)
    # Of the last try: code and parameters of the reason why nothing came; empty where it went well.
    fault = models.JSONField(default=list, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    # Of the last file that came: what tells that the next one is the same.
    etag = models.CharField(max_length=300, blank=True)
    modified = models.CharField(max_length=100, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    last_import = models.ForeignKey(
        Import, models.SET_NULL, null=True, blank=True, related_name="scheduled"
    )
    # The refused import that says on the home page that no file comes.
    told = models.ForeignKey(
        Import, models.SET_NULL, null=True, blank=True, related_name="not_fetched"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("scheduled import")
        verbose_name_plural = _("scheduled imports")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name
