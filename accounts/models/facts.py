"""What is known of customers over time: numbers by day, what happened, and what staff wrote."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.domain.facts.contacts import PULSE_MAX, Channel
from accounts.labels import CHANNEL_LABELS
from accounts.models.customers import Customer
from accounts.models.people import Respondent

DIGITS, PLACES = 24, 6


class Measure(models.Model):
    """Something that is counted or measured by day, such as log-ins, and how its source arrives."""

    key = models.CharField(_("measure"), max_length=50, unique=True)
    first_day = models.DateField(_("first day"), null=True, blank=True)
    last_day = models.DateField(_("last day received"), null=True, blank=True)
    # The latest days that have a reading, and the latest days on which `last_day` moved: from
    # them, how often the source usually comes.
    recent_days = models.JSONField(default=list, blank=True)
    arrivals = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key


class Reading(models.Model):
    """One number per customer, measure and day.

    The key has the day in it and no number of its own: the table can be partitioned by day, and a
    window over all customers is one stretch of its index.
    """

    pk = models.CompositePrimaryKey("measure", "day", "customer")
    # Without the check of the database, which would be made for every row of a million: only what
    # writes readings makes measures, and a measure takes its readings with it.
    measure = models.ForeignKey(
        Measure, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    day = models.DateField()
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    value = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES)
    known_from = models.DateField()
    # No file gave the customer's own number: it is the sum of those of its respondents.
    is_sum = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")

    def __str__(self) -> str:
        return f"{self.customer_id} {self.measure_id} {self.day} {self.value}"


class ReadingSpan(models.Model):
    """The first and the last day on which a customer has a reading of a measure.

    Kept when readings arrive: who had some before and has none in a window stopped, and finding
    that out of the readings themselves would take a pass over all of them.
    """

    pk = models.CompositePrimaryKey("measure", "customer")
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    first_day = models.DateField()
    last_day = models.DateField()

    class Meta:
        verbose_name = _("span of readings")
        verbose_name_plural = _("spans of readings")

    def __str__(self) -> str:
        return f"{self.customer_id} {self.measure_id} {self.first_day} {self.last_day}"


class RespondentReading(models.Model):
    """One number per respondent, measure and day; `Reading` has their sum per customer."""

    pk = models.CompositePrimaryKey("measure", "day", "respondent")
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    respondent = models.ForeignKey(Respondent, models.CASCADE, related_name="+")
    value = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES)
    known_from = models.DateField()

    class Meta:
        verbose_name = _("respondent's reading")
        verbose_name_plural = _("respondents' readings")

    def __str__(self) -> str:
        return f"{self.respondent_id} {self.measure_id} {self.day} {self.value}"


class Event(models.Model):
    """What happened once; `accounts.domain.facts.events` has the kinds with a meaning."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="events", db_index=False)
    kind = models.CharField(_("kind"), max_length=50)
    at = models.DateTimeField(_("at"))
    respondent = models.ForeignKey(
        Respondent, models.SET_NULL, null=True, blank=True, related_name="events"
    )
    email = models.CharField(_("e-mail"), max_length=320, blank=True)
    # The address as it is compared; of an erased person the hash that stands for it.
    mail_key = models.CharField(max_length=320, blank=True)
    ref = models.CharField(_("reference"), max_length=200, blank=True)
    value = models.DecimalField(
        _("value"), max_digits=DIGITS, decimal_places=PLACES, null=True, blank=True
    )
    note = models.TextField(_("note"), blank=True)
    channel = models.CharField(
        _("channel"),
        max_length=10,
        blank=True,
        choices=[(each.value, CHANNEL_LABELS[each]) for each in Channel],
    )
    known_from = models.DateField()
    # Whoever wrote it by hand; of imported ones nobody.
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "kind", "ref"],
                condition=~Q(ref=""),
                name="one_event_per_customer_kind_and_ref",
            ),
            models.UniqueConstraint(
                fields=["customer", "kind", "at", "mail_key"],
                condition=Q(ref=""),
                name="one_event_per_customer_kind_moment_and_email",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "at", "customer"], name="event_by_kind"),
            models.Index(fields=["customer", "at"], name="event_by_customer"),
            # An erased person's address is looked for; most events name nobody.
            models.Index(fields=["mail_key"], name="event_by_address", condition=~Q(mail_key="")),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.kind} {self.at:%Y-%m-%d %H:%M}"


class CustomerTerms(models.Model):
    """When a customer's contract renews and how many seats it has, as it became known on a day."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="terms")
    known_from = models.DateField()
    renews_on = models.DateField(null=True, blank=True)
    seats = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("terms of a customer")
        verbose_name_plural = _("terms of customers")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "known_from"], name="one_set_of_terms_per_customer_and_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.known_from}"


class Pulse(models.Model):
    """How a CS member judges the relationship, 0-10; counts for `PULSE_LASTS` from `at` on."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="pulses")
    at = models.DateTimeField()
    value = models.PositiveSmallIntegerField(_("pulse"), validators=[MaxValueValidator(PULSE_MAX)])
    reason = models.TextField(_("reason"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("pulse")
        verbose_name_plural = _("pulses")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(value__lte=PULSE_MAX), name="pulse_up_to_ten")
        ]
        indexes = [models.Index(fields=["at", "customer"], name="pulse_by_moment")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.at:%Y-%m-%d} {self.value}"
