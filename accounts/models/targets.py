from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Target(models.Model):
    """What one metric shall be; no row: no target."""

    # A key of the catalogue of metrics.
    metric = models.CharField(_("figure"), max_length=50, unique=True)
    # As in the reports: NPS in points, rates as fractions of 1.
    value = models.DecimalField(_("target"), max_digits=18, decimal_places=5)

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.metric} {self.value}"
