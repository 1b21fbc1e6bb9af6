from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.domain.contactability import SuppressionReason, strongest
from accounts.domain.names import shown_name
from accounts.labels import SUPPRESSION_LABELS, source_text, value_label
from accounts.models.customers import Customer


def default_language() -> str:
    return settings.LANGUAGE_CODE


class Person(models.Model):
    """A human being under one canonical mail key; owns the survey slots and the suppression.

    Erasing a person replaces the key by a keyed hash of it, so that a later import finds the
    opt-out and the slots again. Rows are never deleted.
    """

    mail_key = models.CharField(max_length=320, unique=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    # The person this one turned out to be; follow it before asking or adding anything.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )
    merged_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("persons")

    def __str__(self) -> str:
        return self.mail_key


class Respondent(models.Model):
    """A person in their role at one customer; mail goes to the address as it was given."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="respondents")
    # Null for who is known from imported answers alone, until an import names their customer.
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="respondents"
    )
    email = models.CharField(_("e-mail"), max_length=320)
    name = models.CharField(_("name"), max_length=200, blank=True)
    role = models.CharField(_("role"), max_length=200, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=settings.LANGUAGES, default=default_language
    )
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    attributes = models.JSONField(_("attributes"), default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("respondent")
        verbose_name_plural = _("respondents")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "customer"], name="one_respondent_per_person_and_customer"
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(customer__isnull=True),
                name="one_respondent_per_person_without_customer",
            ),
        ]

    def __str__(self) -> str:
        """Without the address, which not everybody may see who may read answers."""
        return shown_name(self.name) or gettext("(no name)")

    @property
    def name_or_email(self) -> str:
        """For whoever may see people (`VIEW_PEOPLE`)."""
        return shown_name(self.name) or self.email

    @property
    def role_label(self) -> str:
        return value_label("role", self.role)


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    def active(self) -> SuppressionQuerySet:
        return self.filter(lifted_at__isnull=True)

    def first_hand(self) -> SuppressionQuerySet:
        """Without the copies that persons hold who were merged into somebody before."""
        return self.exclude(person__merged_at__lte=F("created_at"))

    def strongest(self) -> dict[int, SuppressionReason]:
        """By person, the one reason to show of these rows."""
        found: dict[int, list[SuppressionReason]] = {}
        for person_id, reason in self.values_list("person_id", "reason"):
            found.setdefault(person_id, []).append(SuppressionReason(reason))
        known = ((person_id, strongest(reasons)) for person_id, reasons in found.items())
        return {person_id: reason for person_id, reason in known if reason}


class Suppression(models.Model):
    """Why a person is not mailed; an admin may lift it with a note, the row stays."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="suppressions")
    reason = models.CharField(
        max_length=20,
        choices=[(reason.value, SUPPRESSION_LABELS[reason]) for reason in SuppressionReason],
    )
    created_at = models.DateTimeField()
    source = models.CharField(max_length=200, blank=True)
    # When it ends by itself; null: never.
    until = models.DateTimeField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    note = models.TextField(blank=True)

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suppression")
        verbose_name_plural = _("suppressions")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "reason"],
                condition=Q(lifted_at__isnull=True),
                name="one_active_suppression_per_person_and_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.reason}"

    def get_source_display(self) -> str:
        return source_text(self.source)
