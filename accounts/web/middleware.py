from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation

from accounts.domain.audit import AuditAction
from accounts.domain.roles import Role
from accounts.models import StaffUser
from accounts.services.audit import record_event


class RefusedAccess:
    """What somebody who has logged in may not open is noted, whichever view refused it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        if isinstance(exception, PermissionDenied) and isinstance(request.user, StaffUser):
            record_event(
                AuditAction.ACCESS_REFUSED,
                actor=request.user,
                now=timezone.now(),
                target=request.path,
                method=request.method,
            )


class SecondStep:
    """Admins log in with a second step: those who have none get no further than to its set-up."""

    # Log-in and log-out, passwords, the set-up itself, and the language of these pages.
    OPEN = ("/accounts/", "/i18n/")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.second_step_due = is_second_step_due(request.user)  # type: ignore[attr-defined]
        if request.second_step_due and not request.path_info.startswith(self.OPEN):  # type: ignore[attr-defined]
            return redirect("mfa_index")
        return self.get_response(request)


def is_second_step_due(user: Any) -> bool:
    if not settings.ADMIN_SECOND_STEP or not user.is_authenticated or user.role != Role.ADMIN:
        return False
    steps = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return not is_mfa_enabled(user, types=steps)


class StaffLanguage:
    """Shows the staff pages in the language a staff user chose, on whatever machine they log in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = request.user.language if request.user.is_authenticated else ""
        if language:
            translation.activate(language)
            request.LANGUAGE_CODE = language
        return self.get_response(request)
