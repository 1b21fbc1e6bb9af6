from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.domain.segments import Definition, bands_from


class Dimension(models.Model):
    """A named attribute that reports can be split by: as it is, or banded by thresholds."""

    class Source(models.TextChoices):
        CUSTOMER = "customer", _("customer")
        RESPONDENT = "respondent", _("respondent")

    name = models.CharField(_("name"), max_length=60, unique=True)
    label = models.CharField(_("label"), max_length=100, blank=True)
    source = models.CharField(_("source"), max_length=12, choices=Source.choices)
    attribute = models.CharField(_("attribute"), max_length=60)
    bands = models.JSONField(
        _("bands"),
        default=dict,
        blank=True,
        help_text=_("Thresholds and labels over numbers; empty means the values as they are."),
    )
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ["position", "name"]

    def __str__(self) -> str:
        if self.label:
            return self.label
        words = self.name.replace("_", " ")
        return words[:1].upper() + words[1:]

    @property
    def definition(self) -> Definition:
        return Definition(self.name, self.attribute, bands_from(self.bands))


class SegmentProfile(models.Model):
    """One combination of segment values, shared by every invitation that was frozen with it."""

    digest = models.CharField(max_length=40, unique=True)
    values = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("segment profile")

    def __str__(self) -> str:
        return ", ".join(f"{name}={value}" for name, value in self.values.items())
