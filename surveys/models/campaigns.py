from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from surveys.domain.answers.questions import faults
from surveys.domain.campaigns.occasions import (
    DAYS_AROUND,
    LATEST_DAYS_AT_MOST,
    MONTHS_AT_MOST,
    Repeat,
)
from surveys.domain.states import LAUNCHED, WITHOUT_MAIL, CampaignState
from surveys.labels import CAMPAIGN_STATE_LABELS, REPEAT_LABELS, question_fault


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def due(self, now: dt.datetime) -> CampaignQuerySet:
        """Running campaigns whose planning may look for respondents now."""
        running = self.filter(state=CampaignState.RUNNING, by_request=False)
        return running.filter(starts_at__lte=now).filter(
            Q(ends_at__isnull=True) | Q(ends_at__gt=now)
        )

    def going_on(self) -> CampaignQuerySet:
        """Those under way that ask everybody again."""
        return self.filter(state__in=LAUNCHED).exclude(repeat=Repeat.ONCE)


def check_questions(stored: Any) -> None:
    if found := faults(stored):
        raise ValidationError([question_fault(fault, number=number) for number, fault in found])


class Campaign(models.Model):
    """Who is asked what, when and how."""

    slug = models.SlugField(_("short name"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120)
    # It asks whom another program names, one by one, and never looks for people itself.
    by_request = models.BooleanField(default=False)
    product_name = models.CharField(_("product name"), max_length=120, blank=True)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=[(state.value, label) for state, label in CAMPAIGN_STATE_LABELS.items()],
        default=CampaignState.DRAFT,
    )
    state_reason = models.CharField(max_length=200, blank=True)
    # {"ja": {"subject": …}, "en": {…}}: only what differs from the default wording.
    wording = models.JSONField(_("wording"), default=dict, blank=True)
    # The extra questions, as `domain/questions.py` reads them.
    questions = models.JSONField(
        _("extra questions"), default=list, blank=True, validators=[check_questions]
    )
    version = models.PositiveIntegerField(default=1)
    # {"contract": ["enterprise", "business"], "region": [...]}: OR inside, AND between.
    audience = models.JSONField(_("audience"), default=dict, blank=True)
    # {"_mrr": {"from": "1000"}, "renews_on": {"to": "2026-12-31"}}: see `domain/ranges.py`.
    ranges = models.JSONField(_("numbers and dates"), default=dict, blank=True)
    asks_former = models.BooleanField(
        _("ask customers who left"),
        default=False,
        db_default=False,
        help_text=_("Instead of those who are customers."),
    )
    languages = models.JSONField(_("languages"), default=list, blank=True)
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True)
    ends_at = models.DateTimeField(
        _("asks until"),
        null=True,
        blank=True,
        help_text=_("Leave empty for no end: people who can be asked only later are asked then."),
    )
    per_hour = models.PositiveIntegerField(_("e-mails per hour"), null=True, blank=True)
    expires_after_days = models.PositiveSmallIntegerField(_("days to answer"), default=30)
    reminder_after_days = models.PositiveSmallIntegerField(
        _("reminder after days"), null=True, blank=True
    )
    # So that two campaigns on one day do not become two mails on one day.
    minimum_gap_days = models.PositiveSmallIntegerField(
        _("days since the last survey"),
        default=0,
        help_text=_("People asked by another campaign within this many days are asked later."),
    )
    # None: at any hour. Times are in the respondent's own zone.
    send_from = models.TimeField(_("not before"), null=True, blank=True)
    send_until = models.TimeField(_("not after"), null=True, blank=True)
    weekdays = models.JSONField(_("weekdays"), default=list, blank=True)  # 0 = Monday; [] = all
    holidays_of = models.CharField(_("skip the holidays of"), max_length=2, blank=True)
    # A campaign that goes on asks everybody every few months, or around a date of theirs.
    repeat = models.CharField(
        _("whom it asks when"),
        max_length=5,
        blank=True,
        default="",
        db_default="",
        choices=[(each.value, label) for each, label in REPEAT_LABELS.items()],
    )
    every_months = models.PositiveSmallIntegerField(
        _("every how many months"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MONTHS_AT_MOST)],
    )
    # As `queries/campaigns/dates.py` reads it: `renews_on`, `attribute:go_live`.
    date_name = models.CharField(_("date"), max_length=120, blank=True, default="", db_default="")
    # Negative: before the date.
    date_days = models.SmallIntegerField(
        _("days from the date"),
        default=0,
        db_default=0,
        validators=[MinValueValidator(-DAYS_AROUND), MaxValueValidator(DAYS_AROUND)],
    )
    latest_days = models.PositiveSmallIntegerField(
        _("days late at most"),
        default=14,
        db_default=14,
        validators=[MaxValueValidator(LATEST_DAYS_AT_MOST)],
        help_text=_(
            "Whoever cannot be asked on their day is asked as soon as possible, up to this many "
            "days later. 0: missed days are skipped."
        ),
    )
    reserves_slot = models.BooleanField(
        _("keep a survey of the year free for this campaign"),
        default=False,
        db_default=False,
        help_text=_("Other campaigns ask nobody who could then not be asked by this one."),
    )
    sender_name = models.CharField(_("sender name"), max_length=75, blank=True)
    reply_to = models.EmailField(_("reply to"), blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    launched_at = models.DateTimeField(null=True, blank=True)
    # More than the organisation lets one person ask: somebody else launches this very version.
    approval_asked_at = models.DateTimeField(null=True, blank=True)
    approval_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    approval_version = models.PositiveIntegerField(null=True, blank=True)
    # The version that two people launched; a change of it takes two again.
    approved_version = models.PositiveIntegerField(null=True, blank=True)
    # Its breaker looks at what was sent since: who resumed it knows of what was before.
    resumed_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    # It is over, and no longer in the list unless that is asked for.
    archived_at = models.DateTimeField(null=True, blank=True)
    # Its waiting e-mails are to get new moments from this one on; none of them leaves before.
    reschedule_from = models.DateTimeField(null=True, blank=True)
    # The last tick of planning, and the last one that looked at everybody; null: look again now.
    planned_at = models.DateTimeField(null=True, blank=True)
    looked_through_at = models.DateTimeField(null=True, blank=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-id"]

    def __str__(self) -> str:
        # Made by Koe itself, so its name is that of its state.
        return str(CAMPAIGN_STATE_LABELS[CampaignState.ENTERED]) if self.is_entered else self.name

    @property
    def is_entered(self) -> bool:
        return self.state == CampaignState.ENTERED

    @property
    def goes_on(self) -> bool:
        return self.repeat != Repeat.ONCE

    def clean(self) -> None:
        if self.repeat == Repeat.EVERY and not self.every_months:
            raise ValidationError({"every_months": _("Enter a number of months.")})
        if self.repeat == Repeat.DATE and not self.date_name:
            raise ValidationError({"date_name": _("Choose a date.")})

    @property
    def is_without_mail(self) -> bool:
        return self.state in WITHOUT_MAIL


class CampaignTemplate(models.Model):
    """A campaign that others begin as: what it asks whom, when and how, without its name."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    # Fields of Campaign, as `domain/templates.py` names them.
    fields = models.JSONField(default=dict)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("template of campaigns")
        verbose_name_plural = _("templates of campaigns")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
