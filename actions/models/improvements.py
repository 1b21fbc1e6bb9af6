from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Dimension
from actions.domain.improvements import USUAL_SPAN
from actions.models.follow_ups import FollowUp
from actions.models.goals import Goal
from analytics.domain.metrics.catalogue import BY_KEY, Metric


class Improvement(models.Model):
    """A change made on purpose for some customers, whose effect is compared with all others."""

    name = models.CharField(_("name"), max_length=100)
    # What is expected and why; what is done; and, at the end, what came of it.
    hypothesis = models.TextField(_("hypothesis"), max_length=2000)
    measures = models.TextField(_("what is done"), max_length=2000, blank=True)
    outcome = models.TextField(_("conclusion"), max_length=2000, blank=True)
    metric = models.CharField(_("metric"), max_length=50)
    # Of the customers with this value; the others are untouched.
    dimension = models.ForeignKey(
        Dimension, models.PROTECT, related_name="+", verbose_name=_("segment")
    )
    value = models.CharField(max_length=200)
    began_on = models.DateField(_("from"))
    span_days = models.PositiveSmallIntegerField(_("compared over"), default=USUAL_SPAN)
    # By how much the metric shall move, in the unit of the reports; null: nobody said.
    expected = models.FloatField(_("expected effect"), null=True, blank=True)
    goal = models.ForeignKey(
        Goal, models.SET_NULL, null=True, blank=True, related_name="improvements"
    )
    # What it answers to: root causes by their keys, and single follow-ups.
    causes = models.JSONField(_("root causes"), default=list, blank=True)
    follow_ups = models.ManyToManyField(FollowUp, blank=True, related_name="improvements")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("improvement")
        verbose_name_plural = _("improvements")
        ordering = ["-began_on", "-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def definition(self) -> Metric:
        return BY_KEY[self.metric]
