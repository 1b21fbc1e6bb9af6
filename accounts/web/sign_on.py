"""What the library of sign-ons asks of us: which one there is, and who comes in by it."""

from __future__ import annotations

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.domain.access.audit import AuditAction
from accounts.domain.access.sign_on import Refusal
from accounts.labels import REFUSAL_LABELS
from accounts.models import StaffUser
from accounts.receivers import note_entrance
from accounts.services.access.sign_on import SignOnRefused, enter

# The setting that switches each on, and what it is to the library.
APPS = {"OIDC_ISSUER": "accounts.web.oidc.app", "SAML_ENTITY_ID": "accounts.web.saml.app"}


class StaffSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Of the environment alone: rows that somebody adds to the library's table open nothing."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        apps = [import_string(path)() for name, path in APPS.items() if getattr(settings, name)]
        return [each for each in apps if provider in (None, each.provider, each.provider_id)]

    def get_provider(
        self, request: HttpRequest, provider: str, client_id: str | None = None
    ) -> Any:
        app = self.get_app(request, provider, client_id)
        return import_string(app.settings["class"])(request, app=app)

    def populate_user(
        self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]
    ) -> StaffUser:
        user: StaffUser = sociallogin.user
        user.name = str(data.get("name") or "")
        return user

    def get_requests_session(self) -> Any:
        """Secrets are posted to where the sign-on says, and to nowhere that leads on to."""
        session = super().get_requests_session()
        session.max_redirects = 0
        return session

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        verified = [each.email for each in sociallogin.email_addresses if each.verified]
        email = verified[0] if verified else ""
        account = sociallogin.account
        try:
            sociallogin.account = enter(
                provider=account.provider,
                uid=account.uid,
                email=email,
                name=sociallogin.user.name if sociallogin.user else "",
                now=timezone.now(),
            )
        except SignOnRefused as error:
            raise ImmediateHttpResponse(refused(request, error.why, email=email)) from error
        sociallogin.user = sociallogin.account.user

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: Any = None,
    ) -> None:
        if error == AuthError.CANCELLED:
            why = Refusal.CANCELLED
        else:
            is_stale = exception is None and not {"state", "saml_errors"} & set(extra_context or {})
            why = Refusal.STALE if is_stale else Refusal.UNPROVED
        raise ImmediateHttpResponse(refused(request, why, error=exception))


def limited(request: HttpRequest) -> HttpResponse | None:
    """Whoever brings answers without end, before any of them is read or noted."""
    usage = ratelimit.consume(request, app="allauth.account", action="sign_on", limit_get=True)
    return None if usage else ratelimit.respond_429(request)


def refused(
    request: HttpRequest, why: Refusal, *, email: str = "", error: Exception | None = None
) -> HttpResponse:
    """What the sign-on wrote is neither shown nor noted: anybody may have written it."""
    detail = {"error": type(error).__name__} if error else {}
    action = AuditAction.STAFF_SIGN_ON_REFUSED
    note_entrance(action, email=email, reason=why, **detail)
    context = {"why": REFUSAL_LABELS[why], "email": email}
    return render(request, "account/sign_on_refused.html", context, status=403)
