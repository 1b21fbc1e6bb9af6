from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.domain.names import shown_name


class CustomerQuerySet(models.QuerySet["Customer"]):
    def active_on(self, day: dt.date) -> CustomerQuerySet:
        """Customers that had started by the day and were not gone by it."""
        return self.filter(Q(started_on__isnull=True) | Q(started_on__lte=day)).filter(
            Q(churned_on__isnull=True) | Q(churned_on__gt=day)
        )


class Customer(models.Model):
    """A company that pays us, under the id it has in the system it was imported from."""

    customer_id = models.CharField(_("customer id"), max_length=200, unique=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    started_on = models.DateField(_("started on"), null=True, blank=True)
    churned_on = models.DateField(_("churned on"), null=True, blank=True, db_index=True)
    owner_email = models.EmailField(_("owner's e-mail"), blank=True)
    renews_on = models.DateField(_("renews on"), null=True, blank=True, db_index=True)
    seats = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    churn_reason = models.CharField(
        _("reason for leaving"), max_length=200, blank=True, default="", db_default=""
    )
    churn_note = models.TextField(_("note on leaving"), blank=True, default="", db_default="")
    attributes = models.JSONField(_("attributes"), default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ["customer_id"]
        indexes = [models.Index(Lower("owner_email"), name="customer_by_owner")]
        constraints = [
            models.CheckConstraint(
                condition=Q(churned_on__isnull=True)
                | Q(started_on__isnull=True)
                | Q(churned_on__gte=models.F("started_on")),
                name="customer_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return shown_name(self.name) or self.customer_id


class CustomerVersion(models.Model):
    """The attributes of a customer as they became known on a day.

    Churn and revenue are split by the values at the period's start, so an import that changes an
    attribute adds a version instead of forgetting the old values.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="versions")
    known_from = models.DateField()
    attributes = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "known_from"], name="one_version_per_customer_and_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.known_from}"


class MonthlyRevenue(models.Model):
    """Recurring revenue in force at the end of a month; an absent row means none.

    A customer's revenue of a month is the sum over its products; without products it has one row.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="revenue")
    month = models.DateField(help_text=_("First day of the month."))
    mrr = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3, blank=True)
    product = models.CharField(max_length=100, blank=True, default="", db_default="")
    quantity = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("monthly revenue")
        verbose_name_plural = _("monthly revenue")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "month", "product"],
                name="one_mrr_per_customer_month_and_product",
            ),
            models.CheckConstraint(condition=Q(mrr__gte=0), name="mrr_not_negative"),
        ]
        indexes = [
            models.Index(fields=["month", "customer", "mrr"], name="revenue_by_month"),
            # Which currencies occur is asked by every report.
            models.Index(fields=["currency"], name="revenue_by_currency"),
            # So is whether there are products at all.
            models.Index(fields=["month"], name="revenue_by_product", condition=~Q(product="")),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.month:%Y-%m} {self.mrr}"


class ExchangeRate(models.Model):
    """What one unit of a currency is worth in the currency of reports, in one month."""

    month = models.DateField(help_text=_("First day of the month."))
    currency = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=20, decimal_places=10)

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        constraints = [
            models.UniqueConstraint(
                fields=["month", "currency"], name="one_rate_per_month_and_currency"
            ),
            models.CheckConstraint(condition=Q(rate__gt=0), name="rate_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.month:%Y-%m} {self.rate.normalize():f}"
