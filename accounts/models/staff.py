from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.domain.access.roles import Permission, Role, allows
from accounts.domain.names import shown_name
from accounts.labels import ROLE_LABELS


class StaffUserManager(BaseUserManager["StaffUser"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> StaffUser:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> StaffUser:
        return self.create_user(email, password, role=Role.ADMIN, is_superuser=True, **fields)


class StaffUser(AbstractBaseUser, PermissionsMixin):
    """Someone of ours, who logs in by e-mail and has one role."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=100, blank=True)
    role = models.CharField(
        _("role"), max_length=10, choices=[(role.value, ROLE_LABELS[role]) for role in Role]
    )
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(default=timezone.now)

    objects = StaffUserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("staff user")
        verbose_name_plural = _("staff users")
        ordering = ["email"]

    def __str__(self) -> str:
        return shown_name(self.name) or self.email

    @property
    def is_staff(self) -> bool:
        """Django's own admin is for admins."""
        return self.is_active and self.role == Role.ADMIN

    def may(self, permission: Permission) -> bool:
        return self.is_active and allows(Role(self.role), permission)


class StaffMail(models.Model):
    """An e-mail about a log-in that is on its way, so that it leaves without a broker, too.

    For any address that somebody typed: whether it has an account is looked up when it leaves.
    """

    class Kind(models.TextChoices):
        RESET = "reset"
        LOCKED_OUT = "locked_out"
        # What changed of a log-in.
        PASSWORD = "password"  # noqa: S105 - the word of a change
        TOTP_ADDED = "totp_added"
        TOTP_REMOVED = "totp_removed"
        PASSKEY_ADDED = "webauthn_added"
        PASSKEY_REMOVED = "webauthn_removed"
        STEPS_REMOVED = "steps_removed"
        SIGN_ON_LINKED = "sign_on_linked"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    email = models.EmailField()
    language = models.CharField(max_length=10, blank=True)
    # From where wrong passwords came, or a change was made.
    address = models.CharField(max_length=45, blank=True)
    asked_at = models.DateTimeField()
    next_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("e-mail to a staff user")
        verbose_name_plural = _("e-mails to staff users")

    def __str__(self) -> str:
        return f"{self.kind} {self.asked_at:%Y-%m-%d %H:%M}"
