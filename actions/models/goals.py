from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Dimension
from actions.domain.goals import USUAL_WINDOW, Shape, Way, definition_of
from analytics.domain.metrics.catalogue import Metric


class Goal(models.Model):
    """What a metric shall be by a day; what was read of it on the way is kept beside it."""

    # Empty: that of the metric, which is one of the catalogue then.
    name = models.CharField(_("name"), max_length=100, blank=True)
    # A key of the catalogue of metrics, or a band of the health score.
    metric = models.CharField(_("metric"), max_length=50)
    # Of the customers with this value; none: of all.
    dimension = models.ForeignKey(
        Dimension,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("segment"),
    )
    value = models.CharField(max_length=200, blank=True)
    # The goal that it serves; at the top stand those that the board watches.
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    first_day = models.DateField(_("from"))
    # Null: it holds without an end, as a target of the reports.
    last_day = models.DateField(_("to"), null=True, blank=True)
    # As in the reports: NPS in points, rates as fractions of 1.
    start = models.FloatField(_("start value"))
    target = models.FloatField(_("target"))
    shape = models.CharField(_("course"), max_length=10, default=Shape.STRAIGHT)
    window_days = models.PositiveSmallIntegerField(_("looks at"), default=USUAL_WINDOW)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering = ["first_day", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gt=F("first_day")), name="goal_ends_after_its_beginning"
            ),
            models.CheckConstraint(condition=~Q(parent=F("pk")), name="goal_is_not_its_own_parent"),
            # Their targets stand in every report.
            models.UniqueConstraint(
                fields=["metric"],
                condition=Q(last_day__isnull=True, dimension__isnull=True),
                name="one_goal_without_an_end_per_metric_of_all_customers",
            ),
        ]

    def __str__(self) -> str:
        return self.name or gettext(self.definition.name)

    @property
    def definition(self) -> Metric:
        return definition_of(self.metric)

    @property
    def way(self) -> Way:
        return Way(self.first_day, self.last_day, self.start, self.target, self.definition.at_most)

    @property
    def is_target(self) -> bool:
        """Of the reports, which hold it against every period."""
        return self.last_day is None and self.dimension is None

    @property
    def where(self) -> dict[str, list[str]]:
        return {self.dimension.name: [self.value]} if self.dimension else {}


class GoalReading(models.Model):
    """What was known of a goal on a day, as it was written down; never changed."""

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="readings")
    day = models.DateField()
    # Null: not known.
    value = models.FloatField(null=True, blank=True)
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    numerator = models.BigIntegerField(null=True, blank=True)
    denominator = models.BigIntegerField(null=True, blank=True)
    reportable = models.BooleanField()
    # Where the course was on the day.
    expected = models.FloatField()
    # Empty where the value is not known.
    status = models.CharField(max_length=20, blank=True)

    class Meta:
        verbose_name = _("reading of a goal")
        verbose_name_plural = _("readings of goals")
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["goal", "day"], name="one_reading_per_goal_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.goal_id} {self.status}"


class GoalReview(models.Model):
    """What somebody wrote of a goal, a review beside what was known of it then; never changed."""

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="reviews")
    at = models.DateTimeField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    text = models.TextField(_("review"), max_length=2000)
    # A remark between two reviews: it judges no reading.
    is_comment = models.BooleanField(default=False)
    # Of the last reading then, in a review.
    value = models.FloatField(null=True, blank=True)
    status = models.CharField(max_length=20, blank=True)

    class Meta:
        verbose_name = _("review of a goal")
        verbose_name_plural = _("reviews of goals")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.goal_id}"
