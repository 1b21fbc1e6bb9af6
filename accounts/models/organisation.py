from __future__ import annotations

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class Organisation(models.Model):
    """What the organisation said of itself in the browser: one row at most.

    Where a field is empty, or the environment says the same, this is not what holds; see
    `accounts/services/organisation.py`.
    """

    ONLY = 1

    name = models.CharField(_("name of the organisation"), max_length=120, blank=True)
    address = models.CharField(_("postal address"), max_length=300, blank=True)
    sender = models.EmailField(_("sender of e-mails"), blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    language = models.CharField(_("language"), max_length=2, blank=True, choices=settings.LANGUAGES)
    # A campaign that asks more people than this is launched by two; null: by one.
    approval_above = models.PositiveIntegerField(
        _("two people launch what asks more than"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
    )
    # Of the line above the e-mail and of the buttons: "#1d63ad", or that of Koe.
    colour = models.CharField(
        _("colour"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^#[0-9a-f]{6}$")],
    )
    # What identifies the logo that is in use, in its address; empty: none.
    logo = models.CharField(max_length=32, blank=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_organisation")]

    def __str__(self) -> str:
        return self.name


class Logo(models.Model):
    """An image as Koe wrote it anew; old e-mails go on showing theirs."""

    digest = models.CharField(max_length=32, primary_key=True)
    png = models.BinaryField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = _("logo")
        verbose_name_plural = _("logos")

    def __str__(self) -> str:
        return self.digest
