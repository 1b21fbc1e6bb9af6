from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer

IN_FORCE = Q(published_at__isnull=False, withdrawn_at__isnull=True)


class HealthFormulaQuerySet(models.QuerySet["HealthFormula"]):
    def in_force(self) -> HealthFormulaQuerySet:
        """Those that customers are scored by, in the order in which they are tried."""
        return self.filter(IN_FORCE).order_by("position", "name")


class HealthFormula(models.Model):
    """One version of a formula; what is written in it never changes, a change is a new version."""

    name = models.CharField(_("name"), max_length=80)
    version = models.PositiveIntegerField(_("version"))
    # The first one that applies to a customer wins; one that applies to all comes last.
    position = models.PositiveSmallIntegerField(default=0)
    definition = models.JSONField(_("definition"))
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    # Since when a later version, or nothing, stands in its place.
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = HealthFormulaQuerySet.as_manager()

    class Meta:
        verbose_name = _("health formula")
        verbose_name_plural = _("health formulas")
        ordering = ["name", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="one_formula_per_version"),
            models.UniqueConstraint(
                fields=["name"], condition=IN_FORCE, name="one_version_in_force_per_formula"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Whatever was scored by it must stay readable as it was meant.
        if self.pk is not None and "definition" in (kwargs.get("update_fields") or ["definition"]):
            raise TypeError("What a formula says never changes; add a version.")
        super().save(*args, **kwargs)

    @property
    def is_in_force(self) -> bool:
        return self.published_at is not None and self.withdrawn_at is None


class HealthScore(models.Model):
    """What the machine said of a customer on a day, or worked out for it later."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    formula = models.ForeignKey(HealthFormula, models.PROTECT, related_name="+")
    # Null: too new, or too little is known.
    score = models.FloatField(null=True, blank=True)
    band = models.CharField(max_length=50, blank=True)
    known_share = models.FloatField()
    too_new = models.BooleanField(default=False)
    # The cap that decided the score.
    capped_by = models.CharField(max_length=30, blank=True)
    # Values, then points, of the formula's measures, as float64; weights follow from them.
    parts = models.BinaryField()
    # Later than the day after `day`: nobody has seen it on the day.
    scored_on = models.DateField()

    class Meta:
        verbose_name = _("health score")
        verbose_name_plural = _("health scores")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "day"], name="one_health_score_per_customer_and_day"
            )
        ]
        indexes = [models.Index(fields=["day", "band"], name="health_score_by_day")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.day} {self.score}"


class HealthForecast(models.Model):
    """How many of a band were expected to leave, as it was said on a day; graded afterwards."""

    day = models.DateField()
    formula = models.ForeignKey(HealthFormula, models.PROTECT, related_name="+")
    band = models.CharField(max_length=50)
    horizon_days = models.PositiveSmallIntegerField()
    customers = models.PositiveIntegerField()
    # Null: too few had left by then to say.
    expected = models.FloatField(null=True, blank=True)

    class Meta:
        verbose_name = _("health forecast")
        verbose_name_plural = _("health forecasts")
        constraints = [
            models.UniqueConstraint(
                fields=["day", "formula", "band"], name="one_forecast_per_day_and_band"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.band} {self.expected}"


class HealthOverrideQuerySet(models.QuerySet["HealthOverride"]):
    def active_on(self, day: dt.date) -> HealthOverrideQuerySet:
        return self.filter(since__lte=day, until__gte=day, ended_at__isnull=True)


class HealthOverride(models.Model):
    """A band that somebody sets against the computed one, with a reason and an end."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="health_overrides")
    band = models.CharField(_("band"), max_length=50)
    reason = models.TextField(_("reason"))
    since = models.DateField()
    # The last day on which it stands.
    until = models.DateField(_("until"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = HealthOverrideQuerySet.as_manager()

    class Meta:
        verbose_name = _("health override")
        verbose_name_plural = _("health overrides")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(ended_at__isnull=True),
                name="one_standing_override_per_customer",
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.band} {self.until}"
