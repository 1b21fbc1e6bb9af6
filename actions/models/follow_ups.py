from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, Respondent
from actions.domain.follow_ups.hold_out import Arm
from actions.domain.follow_ups.states import ClosedAs, State
from actions.labels import (
    CLOSED_AS_LABELS,
    DISMISSAL_LABELS,
    STATE_LABELS,
    STEP_LABELS,
    TRIGGER_LABELS,
)
from surveys.models import Response

NOT_CLOSED = ~Q(state=State.CLOSED)


def overdue(*, at: dt.datetime) -> Q:
    """As `actions/domain/follow_ups/due.py::is_overdue` has it."""
    return NOT_CLOSED & Q(due_at__lt=at)


def _choices(labels: dict[Any, Any]) -> list[tuple[str, Any]]:
    return [(each.value, label) for each, label in labels.items()]


class FollowUp(models.Model):
    """What somebody does about an answer or a change: one open one per customer and reason."""

    # Null for a respondent whose customer nobody has named.
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="follow_ups"
    )
    respondent = models.ForeignKey(
        Respondent, models.PROTECT, null=True, blank=True, related_name="follow_ups"
    )
    trigger = models.CharField(_("why"), max_length=20, choices=_choices(TRIGGER_LABELS))
    # What it was opened for, where the same reason comes again: the renewal date, the month.
    occasion = models.CharField(max_length=20, blank=True, default="")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="follow_ups"
    )
    state = models.CharField(
        _("state"), max_length=10, choices=_choices(STATE_LABELS), default=State.OPEN
    )
    opened_at = models.DateTimeField()
    # As promised when it was opened; a snooze moves the other one.
    first_due_at = models.DateTimeField()
    due_at = models.DateTimeField(_("due"))
    first_contact_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_as = models.CharField(
        max_length=10, blank=True, choices=_choices(CLOSED_AS_LABELS), default=""
    )
    root_cause = models.CharField(_("root cause"), max_length=50, blank=True, default="")
    outcome = models.TextField(_("what was done"), blank=True, default="")
    # When its owner, and then the admins, were last told that it is overdue.
    owner_reminded_at = models.DateTimeField(null=True, blank=True)
    admins_told_at = models.DateTimeField(null=True, blank=True)
    # Every change counts it up; who acts on what has changed meanwhile is told so.
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "trigger"],
                condition=NOT_CLOSED & Q(customer__isnull=False),
                name="one_open_follow_up_per_customer_and_reason",
            ),
            models.UniqueConstraint(
                fields=["respondent", "trigger"],
                condition=NOT_CLOSED & Q(customer__isnull=True),
                name="one_open_follow_up_per_respondent_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(customer__isnull=False) | Q(respondent__isnull=False),
                name="follow_up_is_about_somebody",
            ),
            models.CheckConstraint(
                condition=(NOT_CLOSED & Q(closed_at__isnull=True, closed_as=""))
                | (Q(state=State.CLOSED, closed_at__isnull=False) & ~Q(closed_as="")),
                name="follow_up_is_closed_as_something",
            ),
            models.CheckConstraint(
                condition=~Q(closed_as=ClosedAs.DONE) | ~Q(root_cause=""),
                name="follow_up_done_has_its_root_cause",
            ),
        ]
        indexes = [
            # What is open is little beside what is closed, and is asked for all day.
            models.Index(fields=["due_at"], name="follow_up_open", condition=NOT_CLOSED),
            models.Index(fields=["opened_at"], name="follow_up_by_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.customer or self.respondent} {self.trigger}"

    @property
    def subject(self) -> Customer | str:
        """The customer, else the respondent who has none; for whoever may see people."""
        return self.customer or self.respondent.name_or_email  # type: ignore[union-attr]


class AnswerCase(models.Model):
    """What is decided about one answer: followed up, or dismissed with a reason; neither: it waits.

    Every counted detractor answer has one, written in the transaction of the answer.
    """

    response = models.OneToOneField(Response, models.CASCADE, related_name="case")
    follow_up = models.ForeignKey(
        FollowUp, models.PROTECT, null=True, blank=True, related_name="cases"
    )
    dismissed = models.CharField(
        max_length=20, blank=True, choices=_choices(DISMISSAL_LABELS), default=""
    )
    note = models.TextField(blank=True, default="")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    # Of a passive while there is a hold-out: on which side its customer is, whatever is done
    # later, and what share was held out when it was drawn.
    arm = models.CharField(
        max_length=12, blank=True, choices=[(each.value, each.value) for each in Arm], default=""
    )
    arm_percent = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("case of an answer")
        verbose_name_plural = _("cases of answers")
        constraints = [
            models.CheckConstraint(
                condition=Q(follow_up__isnull=True) | Q(dismissed=""),
                name="followed_up_or_dismissed_not_both",
            )
        ]
        indexes = [
            models.Index(
                fields=["response"],
                name="answer_case_undecided",
                condition=Q(follow_up__isnull=True, dismissed=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.response_id}: {self.dismissed or self.follow_up_id or 'waits'}"


class FollowUpEntry(models.Model):
    """A line of the history of a follow-up. Rows are only ever added."""

    follow_up = models.ForeignKey(FollowUp, models.CASCADE, related_name="entries")
    at = models.DateTimeField()
    # None: Koe itself.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    step = models.CharField(max_length=10, choices=_choices(STEP_LABELS))
    text = models.TextField(blank=True, default="")
    # What a sentence about it names: "to", "until", "score", "before".
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("entry of a follow-up")
        verbose_name_plural = _("entries of follow-ups")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.follow_up_id} {self.step} {self.at:%Y-%m-%d %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("The history of a follow-up is never changed.")
        super().save(*args, **kwargs)
