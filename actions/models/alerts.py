from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Dimension
from actions.domain.alerts.rules import AlertOn, Group
from actions.labels import ALERT_GROUP_LABELS
from actions.models.deliveries import Channel


class AlertRule(models.Model):
    """Which answers are told to whom, beside the owner's own e-mail."""

    name = models.CharField(_("name"), max_length=100)
    group = models.CharField(
        max_length=10,
        choices=[(each.value, ALERT_GROUP_LABELS[each]) for each in Group],
        default=Group.ANY.value,
    )
    only_with_comment = models.BooleanField(_("only with a comment"), default=False)
    # A key account has this value of this dimension, or MRR of at least so much.
    dimension = models.ForeignKey(
        Dimension, models.PROTECT, null=True, blank=True, related_name="alert_rules"
    )
    value = models.CharField(max_length=200, blank=True, default="")
    mrr_at_least = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    staff = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    channels = models.ManyToManyField(Channel, blank=True, related_name="alert_rules")

    class Meta:
        verbose_name = _("rule for alerts")
        verbose_name_plural = _("rules for alerts")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(dimension__isnull=False) | Q(value=""),
                name="alert_value_is_of_a_dimension",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def asks(self) -> AlertOn:
        return AlertOn(
            group=Group(self.group),
            only_with_comment=self.only_with_comment,
            dimension=self.dimension.name if self.dimension else "",
            value=self.value,
            mrr_at_least=self.mrr_at_least,
        )
