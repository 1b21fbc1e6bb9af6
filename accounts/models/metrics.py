from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.facts import Measure

LONGEST_ONBOARDING = 730


class MetricSettings(models.Model):
    """What the organisation chose of its metrics: one row at most; without it the defaults hold."""

    ONLY = 1

    onboarding_days = models.PositiveSmallIntegerField(
        _("days for onboarding"),
        default=90,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_ONBOARDING)],
    )
    # Fractions of 1; the discount is that of a year.
    margin = models.DecimalField(_("margin"), max_digits=5, decimal_places=4, default=Decimal(1))
    discount = models.DecimalField(
        _("discount"), max_digits=5, decimal_places=4, default=Decimal(0)
    )
    # None: engagement is not known.
    engagement_measure = models.ForeignKey(
        Measure, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    engagement_from = models.DecimalField(
        _("engaged from"), max_digits=12, decimal_places=4, null=True, blank=True
    )

    class Meta:
        verbose_name = _("settings of metrics")
        verbose_name_plural = _("settings of metrics")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_row_of_metric_settings"),
            models.CheckConstraint(
                condition=models.Q(margin__gt=0, margin__lte=1, discount__gte=0, discount__lt=1),
                name="margin_and_discount_are_shares",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.onboarding_days} {self.margin} {self.discount}"
