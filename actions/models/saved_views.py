from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """The list of follow-ups as a member of staff likes to see it: their own tab."""

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="follow_up_views"
    )
    name = models.CharField(_("name"), max_length=40)
    # The filters, as they stand in the address.
    query = models.CharField(max_length=1000)
    is_default = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["staff", "name"], name="saved_view_has_its_name"),
            models.UniqueConstraint(
                fields=["staff"], condition=Q(is_default=True), name="one_default_view_per_staff"
            ),
        ]

    def __str__(self) -> str:
        return self.name
