from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class TargetStatus(models.Model):
    """What was said of a target on a day, from the weeks that ended with it; never changed."""

    day = models.DateField()
    # The key of the metric, and its target of then.
    metric = models.CharField(max_length=50)
    target = models.FloatField()
    # Null: not known.
    value = models.FloatField(null=True, blank=True)
    # met, missed or open; empty where the value is not known.
    status = models.CharField(max_length=10, blank=True)

    class Meta:
        verbose_name = _("status of a target")
        verbose_name_plural = _("statuses of targets")
        constraints = [
            models.UniqueConstraint(
                fields=["day", "metric"], name="one_target_status_per_day_and_metric"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.metric} {self.status}"
