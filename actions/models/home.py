from __future__ import annotations

from django.conf import settings
from django.db import models


class HiddenLine(models.Model):
    """A line of the work list that somebody does not want to see until it gets worse."""

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=20)
    # Of what it tells, within its kind.
    key = models.CharField(max_length=100)
    # How bad it was when it was hidden.
    level = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staff", "kind", "key"], name="one_row_per_hidden_line")
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.kind} {self.key}"
