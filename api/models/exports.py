from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from api.domain.exports import ExportKind, ExportState
from api.models.keys import ApiKey


def _choices(kinds: Iterable[StrEnum]) -> list[tuple[str, str]]:
    return [(each.value, each.value) for each in kinds]


class Export(models.Model):
    """A file that a program asked for: written by a worker, kept for a day."""

    key = models.ForeignKey(ApiKey, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=_choices(ExportKind))
    state = models.CharField(
        max_length=10, choices=_choices(ExportState), default=ExportState.WAITING
    )
    # Below the folder of uploads; empty while there is none.
    path = models.CharField(max_length=200, blank=True, default="")
    rows = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(db_index=True)
    # A worker that writes it says so again and again.
    taken_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
