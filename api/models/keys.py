from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.domain.access.roles import Permission, Role, allows
from accounts.labels import ROLE_LABELS
from api.domain.keys import is_valid

# An admin's rights are for people who have logged in.
ROLES = (Role.CS, Role.VIEWER)
RATE = 6000
HIGHEST_RATE = 100_000


class Project(models.Model):
    """What a key of the Delighted dialect sees: people, answers and metrics of its own."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    # Whoever was asked in the project is not asked again within so many days.
    throttle_days = models.PositiveSmallIntegerField(default=30)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


def ended(now: dt.datetime) -> Q:
    """By hand, or by its date."""
    return Q(revoked_at__isnull=False) | Q(expires_at__lte=now)


class ApiKey(models.Model):
    """Lets a program in. Its secret is shown once; what is kept finds it again and no more."""

    name = models.CharField(_("name"), max_length=100)
    prefix = models.CharField(_("key"), max_length=8, unique=True)
    digest = models.CharField(max_length=64)
    role = models.CharField(
        _("role"), max_length=10, choices=[(role.value, ROLE_LABELS[role]) for role in ROLES]
    )
    project = models.ForeignKey(Project, models.PROTECT, related_name="keys")
    rate = models.PositiveIntegerField(
        _("requests per minute"),
        default=RATE,
        validators=[MinValueValidator(1), MaxValueValidator(HIGHEST_RATE)],
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    # It is to sign, and we know its hash alone: kept, sealed, when a program next comes with it.
    is_awaited = models.BooleanField(default=False)
    # To the minute: a row that every request wrote would be what they all wait for.
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def shown(self) -> str:
        return f"koe_{self.prefix}_…"

    def may(self, permission: Permission) -> bool:
        return allows(self.role, permission)

    def is_valid(self, now: dt.datetime) -> bool:
        return is_valid(expires_at=self.expires_at, revoked_at=self.revoked_at, now=now)
