from __future__ import annotations

import hashlib
import json

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.domain.segments import MRR, TENURE, TENURE_NAME, Definition, bands_from

# The columns of a file that are dimensions from the start have no label of their own.
COLUMNS = {
    "language": _("Language"),
    "role": _("Role"),
    TENURE_NAME: _("Months as a customer"),
}


class DimensionQuerySet(models.QuerySet["Dimension"]):
    def in_order(self) -> DimensionQuerySet:
        """As the admin ordered them; where nobody did, customers' attributes come first."""
        return self.order_by("position", "source", "name")

    def next_position(self) -> int:
        """Of one that is added: last in the admin's order, in none where nobody ordered them."""
        last: int | None = self.aggregate(models.Max("position"))["position__max"]
        return last + 1 if last else 0


class Dimension(models.Model):
    """A named attribute that reports can be split by: as it is, or banded by thresholds.

    Bands can also be cut over one attribute divided by another, over the customer's MRR, and over
    its months as a customer.
    """

    class Source(models.TextChoices):
        CUSTOMER = "customer", _("customer")
        RESPONDENT = "respondent", _("respondent")

    name = models.CharField(_("name"), max_length=60, unique=True)
    label = models.CharField(_("label"), max_length=100, blank=True)
    # Language to the label in it, where it differs: {"ja": "契約"}.
    labels = models.JSONField(default=dict, blank=True)
    source = models.CharField(_("source"), max_length=12, choices=Source.choices)
    # Or one of `accounts.domain.segments.NUMBERS`, which stand in no column of their own.
    attribute = models.CharField(_("attribute"), max_length=60)
    divisor = models.CharField(_("divided by"), max_length=60, blank=True)
    bands = models.JSONField(
        _("bands"),
        default=dict,
        blank=True,
        help_text=_("Thresholds and labels for numbers; empty means the values as they are."),
    )
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DimensionQuerySet.as_manager()

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ["position", "name"]

    def __str__(self) -> str:
        label = self.labels.get(get_language()) or self.label
        if label:
            return str(label)
        if self.name in COLUMNS:
            return str(COLUMNS[self.name])
        words = self.name.replace("_", " ")
        return words[:1].upper() + words[1:]

    @property
    def definition(self) -> Definition:
        return Definition(self.name, self.attribute, bands_from(self.bands), self.divisor)

    @property
    def reads_mrr(self) -> bool:
        return self.attribute == MRR

    @property
    def reads_tenure(self) -> bool:
        return self.attribute == TENURE

    @property
    def fingerprint(self) -> str:
        """Of all that decides the values; a new label changes none of them."""
        decisive = [self.name, self.attribute, self.divisor, self.bands]
        text = json.dumps(decisive, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:40]


class SegmentProfile(models.Model):
    """One combination of segment values, shared by every invitation that was frozen with it."""

    digest = models.CharField(max_length=40, unique=True)
    values = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("segment profile")

    def __str__(self) -> str:
        return ", ".join(f"{name}={value}" for name, value in self.values.items())


class SegmentRebuild(models.Model):
    """How far past invitations are frozen anew by the definitions of today: one row, the last.

    The row is the truth and the task may be lost: what a killed worker left is found by the tick.
    """

    ONLY = 1

    # Dimension id -> fingerprint: the definitions the invitations are being brought to, or were.
    definitions = models.JSONField(default=dict)
    # What was never sent comes first, by id; then, from here back in time, what was sent.
    last_sent_at = models.DateTimeField(null=True, blank=True)
    last_id = models.BigIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    # None until a worker has counted them.
    total = models.PositiveIntegerField(null=True, blank=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    # What was being frozen by the old definitions at that moment was looked at once more.
    checked_at = models.DateTimeField(null=True, blank=True)
    # Until then the worker that has it is taken to be alive.
    leased_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("segment rebuild")
        verbose_name_plural = _("segment rebuilds")

    def __str__(self) -> str:
        return f"{self.done}/{self.total}"

    @property
    def share(self) -> float | None:
        """Between 0 and 1; mails sent meanwhile may make it more than were counted."""
        return None if self.total is None else min(self.done / max(self.total, 1), 1.0)
