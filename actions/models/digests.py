from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DigestWish(models.Model):
    """Who asks for the weekly digest, and when; on the clock of the organisation."""

    staff = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="digest_wish"
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"))  # 0 = Monday
    hour = models.PositiveSmallIntegerField(_("hour"))
    # Since when it is wanted on that day: none is sent for a moment before.
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("wish for the digest")
        verbose_name_plural = _("wishes for the digest")
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__lte=6, hour__lte=23), name="digest_at_a_moment_of_the_week"
            )
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.weekday} {self.hour}:00"
