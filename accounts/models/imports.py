from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Import(models.Model):
    """One file brought in, with what became of its rows."""

    class Kind(models.TextChoices):
        CUSTOMERS = "customers", _("Customers")
        RESPONDENTS = "respondents", _("Respondents")
        REVENUE = "revenue", _("Revenue")
        RESPONSES = "responses", _("Responses")
        RATES = "rates", _("Exchange rates")
        USAGE = "usage", _("Usage")
        EVENTS = "events", _("Events")

    class State(models.TextChoices):
        # Somebody has to say what its columns mean.
        COLUMNS = "columns", pgettext_lazy("import", "Columns to confirm")
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", pgettext_lazy("import", "Running")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Rejected")
        FAILED = "failed", _("Failed")
        LEFT = "left", pgettext_lazy("import", "Left")
        STOPPING = "stopping", pgettext_lazy("import", "Being cancelled")
        UNDOING = "undoing", pgettext_lazy("import", "Being taken back")
        UNDONE = "undone", pgettext_lazy("import", "Taken back")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    file_name = models.CharField(_("file"), max_length=255)
    path = models.CharField(max_length=500, blank=True)
    dry_run = models.BooleanField(_("check only"), default=False)
    skip_bad_rows = models.BooleanField(_("skip bad rows"), default=False)
    # Somebody said that ids which differ by leading zeros only are of two customers.
    zeros_count = models.BooleanField(default=False, db_default=False)
    rows_total = models.PositiveIntegerField(null=True, blank=True)
    rows_read = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    bad_rows = models.PositiveIntegerField(default=0)
    emptied = models.PositiveIntegerField(default=0, db_default=0)
    # Each column of the file: what it was taken for, and what the file calls it.
    columns = models.JSONField(default=list, blank=True, db_default=[])
    errors = models.JSONField(default=list, blank=True)
    message = models.TextField(blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    # When its reader began to wait: for the preview, or for the import after it.
    queued_at = models.DateTimeField(null=True, blank=True)
    # Moves with every batch: an import whose worker was killed is taken up again by the next tick.
    progress_at = models.DateTimeField(null=True, blank=True)
    times_taken_up = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Code and parameters of the reason why the last try to take it back ended.
    obstacle = models.JSONField(default=list, blank=True, db_default=[])
    # It failed, and somebody has seen that.
    dismissed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.kind})"


class SavedColumns(models.Model):
    """What somebody said that the columns of a file mean: the next one with them is taken so."""

    kind = models.CharField(max_length=12, choices=Import.Kind.choices)
    # Of its headers in any order: see `accounts.services.imports.columns`.
    key = models.CharField(max_length=64)
    said = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("saved columns")
        verbose_name_plural = _("saved columns")
        constraints = [models.UniqueConstraint("kind", "key", name="columns_saved_once")]

    def __str__(self) -> str:
        return f"{self.kind} {', '.join(self.said)}"


class ImportPart(models.Model):
    """What is kept of one batch of an import: bad rows as they stand in the file, changes, or what
    takes it back.

    Packed, by `accounts.services.imports.rows.parts`: of a large file it is much, read in order.
    """

    class Kind(models.TextChoices):
        BAD = "bad"
        CHANGES = "changes"
        UNDO = "undo"

    of = models.ForeignKey(Import, models.CASCADE, related_name="parts")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    data = models.BinaryField()

    class Meta:
        verbose_name = _("part of an import")
        verbose_name_plural = _("parts of imports")
        ordering = ["id"]
        indexes = [models.Index(fields=["of", "kind"], name="import_part_by_kind")]

    def __str__(self) -> str:
        return f"{self.of_id} {self.kind}"


class ImportedFact(models.Model):
    """That files have told of something: what none ever told of is unknown, not zero."""

    class Fact(models.TextChoices):
        CHURN = "churn", _("Churn")
        CHURN_REASON = "churn_reason"
        RENEWALS = "renews_on"
        SEATS = "seats"

    # A member of `Fact`, or `accounts.domain.facts.known.event_fact` of a kind of event.
    fact = models.CharField(max_length=80, unique=True)
    # The days of the first and the latest import that told of it.
    first_on = models.DateField()
    last_on = models.DateField()

    class Meta:
        verbose_name = _("imported fact")
        verbose_name_plural = _("imported facts")

    def __str__(self) -> str:
        return f"{self.fact} {self.first_on} {self.last_on}"
