from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.signals import password_reset
from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from accounts.domain.access.audit import AuditAction
from accounts.domain.access.demo import DEMO_PASSWORD
from accounts.models import StaffUser
from accounts.receivers import note_entrance
from accounts.services.access.log_in_mails import tell_locked_out

# The limit of an account whatever the network (ACCOUNT_RATE_LIMITS).
OF_ACCOUNT = "login_failed_of_account"
TOLD_SECONDS = 3600


class StaffAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Staff users are made by an admin; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def format_email_subject(self, subject: str) -> str:
        return subject

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """In our words: a security key is one of many passkeys."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        for each in methods:
            if each["id"] == "mfa_reauthenticate:webauthn":
                each["description"] = gettext("Use a passkey")
        return methods

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """By account and network: a stranger elsewhere cannot lock anybody out by address alone."""
        return f"{network_of(self.get_client_ip(request))}:{_account(credentials)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """The demo's password opens nothing, whose account it is: it is written in the code."""
        try:
            super().pre_authenticate(request, **credentials)
            self._hold_account(request, credentials)
        except ValidationError:
            email = credentials.get("email")
            note_entrance(AuditAction.STAFF_LOCKED_OUT, email=email)
            self._tell_owner(request, email)
            raise
        if settings.SERVED_SECURELY and credentials.get("password") == DEMO_PASSWORD:
            raise ValidationError(
                gettext(
                    "The demo log-ins are closed where Koe is served by https. Whoever runs it"
                    " makes a log-in with: manage.py create_staff"
                )
            )

    def _hold_account(self, request: HttpRequest, credentials: dict[str, Any]) -> None:
        """Against who guesses from many networks. A new password by mail leads past it."""
        self._account_usage = ratelimit.consume(
            request, app="allauth.account", action=OF_ACCOUNT, key=_account(credentials)
        )
        if not self._account_usage:
            self._rollback_login_failed_rl_usage()
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        super()._rollback_login_failed_rl_usage()
        if usage := getattr(self, "_account_usage", None):
            usage.rollback()

    def _tell_owner(self, request: HttpRequest, email: str | None) -> None:
        user = StaffUser.objects.filter(email__iexact=email or "", is_active=True).first()
        if user and cache.add(f"told-of-lock-out:{user.pk}", True, TOLD_SECONDS):
            address = self.get_client_ip(request)
            tell_locked_out(user, address=address, now=timezone.now())


@receiver(password_reset, dispatch_uid="accounts.open_account")
def open_account(sender: Any, request: HttpRequest, user: StaffUser, **_: Any) -> None:
    """Whoever chose a new password by a link from their mailbox gets in."""
    ratelimit.clear(request, app="allauth.account", action=OF_ACCOUNT, key=user.email)
    key = get_adapter()._get_login_attempts_cache_key(request, email=user.email)
    ratelimit.clear(request, app="allauth.account", action="login_failed", key=key)


def network_of(address: str) -> str:
    """A machine has one address of IPv4, or few, and millions of IPv6."""
    try:
        ip = ip_address(address)
    except ValueError:  # of a socket in a file, or whatever a proxy wrote
        return address[:100]
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return str(ip_network((ip, 24 if ip.version == 4 else 64), strict=False))


def _account(credentials: dict[str, Any]) -> str:
    return str(credentials.get("email") or "").lower()
