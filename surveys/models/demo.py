from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Demo(models.Model):
    """That this installation holds a demo, or is being given one: one row, or none."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        MAKING = "making", _("being made")
        MADE = "made", _("made")
        FAILED = "failed", _("failed")

    ONLY = 1

    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    # Of its parts, the people and their answers the first.
    parts_done = models.PositiveSmallIntegerField(default=0)
    began_at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Label of a model -> the highest id when the demo was made: what is above was added since.
    last_ids = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("demo")
        verbose_name_plural = _("demos")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_demo")]

    def __str__(self) -> str:
        return self.get_state_display()
