from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from actions.domain.follow_ups.hold_out import MOST_PERCENT
from actions.labels import TRIGGER_LABELS


class FollowUpRule(models.Model):
    """What an admin changed of a rule; without a row `domain/triggers.py` has its defaults."""

    trigger = models.CharField(
        max_length=20,
        unique=True,
        choices=[(each.value, label) for each, label in TRIGGER_LABELS.items()],
    )
    level = models.PositiveSmallIntegerField(_("level"))
    due_hours = models.PositiveSmallIntegerField(_("due after so many working hours"))
    only_with_comment = models.BooleanField(_("only with a comment"), default=False)
    is_active = models.BooleanField(_("in use"), default=True)
    # Who is a key person, as the value of a segment of respondents: `role=buyer`.
    key = models.CharField(max_length=260, blank=True, default="")

    class Meta:
        verbose_name = _("rule for follow-ups")
        verbose_name_plural = _("rules for follow-ups")
        constraints = [
            models.CheckConstraint(
                condition=Q(due_hours__gte=1), name="follow_up_rule_gives_an_hour"
            )
        ]

    def __str__(self) -> str:
        return self.trigger


class HoldOut(models.Model):
    """The share of customers whose passive answers open no follow-up; without a row none are."""

    percent = models.PositiveSmallIntegerField(_("per cent held out"), default=0)

    class Meta:
        verbose_name = _("hold-out")
        verbose_name_plural = _("hold-outs")
        constraints = [
            models.UniqueConstraint(models.Value(1), name="one_hold_out"),
            models.CheckConstraint(
                condition=Q(percent__lte=MOST_PERCENT), name="hold_out_of_half_at_most"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.percent} %"


class RootCause(models.Model):
    """A root cause of the organisation's own, or one of Koe's that it does not offer."""

    key = models.SlugField(max_length=50, unique=True)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    name_ja = models.CharField(_("name in Japanese"), max_length=100, blank=True)
    is_offered = models.BooleanField(_("offered"), default=True)

    class Meta:
        verbose_name = _("root cause")
        verbose_name_plural = _("root causes")
        ordering = ["key"]

    def __str__(self) -> str:
        names = (self.name_ja, self.name_en) if get_language() == "ja" else (
            self.name_en, self.name_ja
        )  # fmt: skip
        return next((name for name in names if name), self.key)


class WorkingHours(models.Model):
    """When a member of staff works; the row of nobody says when all others do."""

    staff = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="working_hours",
    )
    starts = models.TimeField(_("from"), default=dt.time(9))
    ends = models.TimeField(pgettext_lazy("follow-up", "until"), default=dt.time(18))
    weekdays = models.JSONField(_("weekdays"), default=list, blank=True)  # 0 = Monday
    holidays_of = models.CharField(_("holidays of"), max_length=2, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        constraints = [
            models.UniqueConstraint(
                models.Value(1),
                condition=Q(staff__isnull=True),
                name="one_row_of_everybodys_hours",
            ),
            models.CheckConstraint(
                condition=Q(starts__lt=F("ends")), name="working_hours_start_before_they_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff or '-'} {self.starts:%H:%M}-{self.ends:%H:%M}"
