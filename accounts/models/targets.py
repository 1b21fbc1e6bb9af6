from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.domain.targets import Metric


class Target(models.Model):
    """What one figure of the overview shall be; no row: no target."""

    metric = models.CharField(
        _("figure"),
        max_length=30,
        unique=True,
        choices=[(each.value, each.value) for each in Metric],
    )
    # As in the reports: NPS in points, rates as fractions of 1.
    value = models.DecimalField(_("target"), max_digits=9, decimal_places=5)

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.metric} {self.value}"
