from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from actions.domain.playbooks.starting import USUAL_EVERY, Start, StartedBy
from actions.domain.playbooks.steps import StepKind, StepState
from actions.labels import RUN_RESULT_LABELS, STARTED_BY_LABELS, STEP_KIND_LABELS
from actions.models.deliveries import Channel
from surveys.models import Campaign


class Playbook(models.Model):
    """Named steps that begin for a customer when something becomes true of it."""

    name = models.CharField(_("name"), max_length=100)
    # What a run shall bring about: by it the result is judged.
    aim = models.TextField(_("aim"), max_length=500, blank=True)
    started_by = models.CharField(
        _("starts when"),
        max_length=20,
        choices=[(each.value, label) for each, label in STARTED_BY_LABELS.items()],
    )
    level = models.PositiveSmallIntegerField(_("level"), default=0)
    measure = models.CharField(_("measure"), max_length=100, blank=True)
    cells = models.JSONField(default=list, blank=True)
    sizes = models.JSONField(default=list, blank=True)
    every_days = models.PositiveSmallIntegerField(_("at most once in"), default=USUAL_EVERY)
    # Whose the runs are at customers that are nobody's account.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Null: it is off, and starts nothing.
    switched_on_at = models.DateTimeField(null=True, blank=True)
    # Customer to occasion as it was when it was switched on: for what is past nothing starts.
    past = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("playbook")
        verbose_name_plural = _("playbooks")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(every_days__gte=1), name="playbook_waits_a_day_at_least"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_on(self) -> bool:
        return self.switched_on_at is not None

    @property
    def known_past(self) -> dict[int, str]:
        """As JSON has it, keys are texts."""
        return {int(pk): occasion for pk, occasion in self.past.items()}

    @property
    def start(self) -> Start:
        return Start(
            StartedBy(self.started_by),
            level=self.level,
            measure=self.measure,
            cells=frozenset(self.cells),
            sizes=frozenset(self.sizes),
            every_days=self.every_days,
        )


class _StepBase(models.Model):
    """What the step of a playbook says, and that of its runs after it."""

    position = models.PositiveSmallIntegerField()
    kind = models.CharField(
        max_length=10, choices=[(each.value, label) for each, label in STEP_KIND_LABELS.items()]
    )
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("what to do"), max_length=2000, blank=True)
    # By language: {"ja": {"subject": …, "text": …}}.
    mails = models.JSONField(default=dict, blank=True)
    campaign = models.ForeignKey(Campaign, models.SET_NULL, null=True, blank=True, related_name="+")

    channel = models.ForeignKey(Channel, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


class PlaybookStep(_StepBase):
    playbook = models.ForeignKey(Playbook, models.CASCADE, related_name="steps")
    # Working days after the start.
    after_days = models.PositiveSmallIntegerField(_("after so many working days"), default=0)

    class Meta:
        verbose_name = _("step of a playbook")
        verbose_name_plural = _("steps of playbooks")
        ordering = ["position", "pk"]


class PlaybookTurn(models.Model):
    """When a playbook was last started for a customer: whoever starts it again takes this row."""

    playbook = models.ForeignKey(Playbook, models.CASCADE, related_name="+")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["playbook", "customer"], name="one_turn_per_playbook_and_customer"
            )
        ]

    def __str__(self) -> str:
        return f"{self.playbook_id} {self.customer_id} {self.last_at:%Y-%m-%d}"


class PlaybookRun(models.Model):
    """A playbook under way at a customer, or how it ended."""

    playbook = models.ForeignKey(Playbook, models.PROTECT, related_name="runs")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="playbook_runs")
    # What it was started for, so that the same never starts it twice.
    occasion = models.CharField(max_length=40)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Somebody gave it to them: it no longer follows the account.
    owner_by_hand = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(
        max_length=12,
        blank=True,
        choices=[(each.value, label) for each, label in RUN_RESULT_LABELS.items()],
    )
    words = models.TextField(_("in words"), max_length=2000, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("run of a playbook")
        verbose_name_plural = _("runs of playbooks")
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["playbook", "customer", "occasion"],
                name="one_run_per_playbook_customer_and_occasion",
            ),
            models.UniqueConstraint(
                fields=["playbook", "customer"],
                condition=Q(ended_at__isnull=True),
                name="one_open_run_per_playbook_and_customer",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, result="")
                | (Q(ended_at__isnull=False) & ~Q(result="")),
                name="run_ends_with_a_result",
            ),
        ]
        indexes = [
            models.Index(
                fields=["owner"], name="playbook_run_open", condition=Q(ended_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.playbook} · {self.customer}"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None


class RunStep(_StepBase):
    """A step as it was when the run started; an edit of the playbook leaves it alone."""

    run = models.ForeignKey(PlaybookRun, models.CASCADE, related_name="steps")
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=StepState.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # What came of it, or why it was skipped.
    note = models.TextField(max_length=1000, blank=True)

    class Meta:
        verbose_name = _("step of a run")
        verbose_name_plural = _("steps of runs")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=StepState.SKIPPED) | ~Q(note=""),
                name="skipped_step_says_why",
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], name="run_step_open", condition=Q(state=StepState.OPEN))
        ]

    @property
    def is_mail(self) -> bool:
        return self.kind == StepKind.MAIL
