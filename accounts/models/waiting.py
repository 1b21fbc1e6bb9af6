from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class WaitingRow(models.Model):
    """What a program told of a customer that nobody has named yet: it waits for the customer."""

    kind = models.CharField(max_length=20)
    # As the importer compares it.
    customer_id = models.CharField(max_length=200, db_index=True)
    # Of what makes it the same fact: told again, the later one is kept.
    digest = models.CharField(max_length=64)
    mail_key = models.CharField(max_length=320, blank=True, db_index=True)
    header = models.JSONField()
    cells = models.JSONField()
    received_at = models.DateTimeField(db_index=True)
    # Its customer is there, but it could not be brought in: the next try.
    next_at = models.DateTimeField()

    class Meta:
        verbose_name = _("waiting row")
        verbose_name_plural = _("waiting rows")
        constraints = [
            models.UniqueConstraint(fields=["kind", "digest"], name="one_waiting_row_per_fact")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.customer_id}"
