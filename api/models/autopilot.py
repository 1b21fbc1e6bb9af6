from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from api.models.people import Member


class Membership(models.Model):
    """Somebody whom Autopilot asks again and again."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="memberships")
    platform = models.CharField(max_length=5)
    # Of its later asks.
    properties = models.JSONField(default=dict, blank=True)
    # Null where there is nothing to ask by: Koe sends no SMS.
    next_at = models.DateTimeField(null=True, blank=True, db_index=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("membership of Autopilot")
        verbose_name_plural = _("memberships of Autopilot")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "platform"], name="one_membership_per_platform"
            )
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.platform}"
