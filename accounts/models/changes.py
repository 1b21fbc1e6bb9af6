from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models.customers import Customer
from accounts.models.people import Respondent


class FieldChange(models.Model):
    """What somebody corrected by hand: what stood there, and what has since.

    Apart from the audit log, which is never changed: a person who is erased takes theirs with them.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, null=True, related_name="changes")
    respondent = models.ForeignKey(Respondent, models.CASCADE, null=True, related_name="changes")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    field = models.CharField(max_length=60)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(customer__isnull=True) ^ Q(respondent__isnull=True),
                name="change_of_a_customer_or_a_respondent",
            )
        ]

    def __str__(self) -> str:
        return f"{self.field} {self.at:%Y-%m-%d %H:%M}"
