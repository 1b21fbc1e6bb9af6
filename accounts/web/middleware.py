from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from allauth.account import signals as account
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import MiddlewareNotUsed
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.domain.access.audit import AuditAction
from accounts.domain.access.roles import Role
from accounts.models import StaffUser
from accounts.services.access.audit import record_event
from accounts.services.access.staff import refuse_demo_logins

BEGAN, SEEN, BY_SIGN_ON = "began", "seen", "by_sign_on"


class RefusedAccess:
    """What somebody who has logged in may not open is noted, whichever view refused it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == HTTPStatus.FORBIDDEN and isinstance(request.user, StaffUser):
            record_event(
                AuditAction.ACCESS_REFUSED,
                actor=request.user,
                now=timezone.now(),
                target=request.path,
                method=request.method,
            )
        return response


class NoDemoLogins:
    """Keeps a web process from starting, however it is started; a request never gets here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        refuse_demo_logins()
        raise MiddlewareNotUsed


class SessionLimits:
    """A session ends by itself: some time after it was last used, and a day's work after it began.

    That it is used is written once a minute: a page costs no statement more.
    """

    IDLE = dt.timedelta(hours=2).total_seconds()
    LONGEST = dt.timedelta(hours=12).total_seconds()
    NOTED = 60

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._hold(request, now=timezone.now().timestamp())
        return self.get_response(request)

    def _hold(self, request: HttpRequest, *, now: float) -> None:
        began = request.session.get(BEGAN, now)
        seen = request.session.get(SEEN, now)
        if now - seen > self.IDLE or now - began > self.LONGEST:
            logout(request)
            messages.info(request, _("You were logged out, as your session had ended."))
        elif now - seen > self.NOTED or SEEN not in request.session:
            request.session[BEGAN], request.session[SEEN] = began, now


@receiver(user_logged_in, dispatch_uid="accounts.begin_session")
def begin_session(sender: type, request: HttpRequest, **_: Any) -> None:
    request.session[BEGAN] = request.session[SEEN] = timezone.now().timestamp()


@receiver(account.user_logged_in, dispatch_uid="accounts.keep_way_in")
def keep_way_in(sender: type, request: HttpRequest, sociallogin: Any = None, **_: Any) -> None:
    request.session[BY_SIGN_ON] = sociallogin is not None


class SecondStep:
    """Staff log in with a second step: those who have none get no further than to its set-up."""

    # Log-in and log-out, passwords, the set-up itself, and the language of these pages.
    OPEN = ("/accounts/", "/i18n/")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.second_step_due = is_second_step_due(request)  # type: ignore[attr-defined]
        if request.second_step_due and not request.path_info.startswith(self.OPEN):  # type: ignore[attr-defined]
            return redirect("mfa_index")
        return self.get_response(request)


def is_second_step_due(request: HttpRequest) -> bool:
    user: Any = request.user
    if not user.is_authenticated or not _needs_second_step(request, user):
        return False
    steps = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return not is_mfa_enabled(user, types=steps)


def _needs_second_step(request: HttpRequest, user: StaffUser) -> bool:
    """What the organisation asks for at its own sign-on is enough for others than admins."""
    if user.role == Role.ADMIN:
        return settings.ADMIN_SECOND_STEP
    return settings.STAFF_SECOND_STEP and not request.session.get(BY_SIGN_ON)


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
