from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Dimension
from actions.domain.playbooks.touch import Basis
from actions.labels import BASIS_LABELS


class TouchTable(models.Model):
    """How closely a customer is cared for, by size and health: there is one table, or none."""

    basis = models.CharField(
        _("size by"),
        max_length=10,
        choices=[(each.value, label) for each, label in BASIS_LABELS.items()],
    )
    medium_from = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    large_from = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    dimension = models.ForeignKey(
        Dimension, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # `cell_of` a size and a rank to the touch.
    cells = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("touch table")
        verbose_name_plural = _("touch tables")
        constraints = [
            models.UniqueConstraint(models.Value(1), name="one_touch_table"),
            models.CheckConstraint(
                condition=Q(basis=Basis.SEGMENT, dimension__isnull=False)
                | (~Q(basis=Basis.SEGMENT) & Q(dimension__isnull=True)),
                name="touch_table_by_a_segment_names_it",
            ),
            models.CheckConstraint(
                condition=Q(basis=Basis.SEGMENT) | Q(medium_from__lt=F("large_from")),
                name="touch_table_sizes_grow",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.basis} {self.dimension or ''}".strip()
