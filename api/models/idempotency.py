from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from api.models.keys import ApiKey


class IdempotentCall(models.Model):
    """What a program got for a request that it named, so that sent again it does nothing twice."""

    key = models.ForeignKey(ApiKey, models.CASCADE, related_name="+")
    name = models.CharField(max_length=255)
    # Of method, address and body: under one name stands one request.
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.TextField(default="")
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("named request")
        verbose_name_plural = _("named requests")
        constraints = [
            models.UniqueConstraint(fields=["key", "name"], name="one_call_per_key_and_name")
        ]

    def __str__(self) -> str:
        return f"{self.key_id} {self.status}"
