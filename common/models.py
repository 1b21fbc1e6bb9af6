from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class StoredFile(models.Model):
    """A file that waits for whoever works on it, on whatever machine: see `common.storage`."""

    name = models.CharField(max_length=255, unique=True)
    size = models.PositiveBigIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")

    def __str__(self) -> str:
        return self.name


class StoredChunk(models.Model):
    file = models.ForeignKey(StoredFile, models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        verbose_name = _("part of a stored file")
        verbose_name_plural = _("parts of stored files")
        ordering = ["number"]
        constraints = [models.UniqueConstraint("file", "number", name="stored_chunk_once")]

    def __str__(self) -> str:
        return f"{self.file_id} {self.number}"
