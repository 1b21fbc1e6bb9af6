"""The way to the organisation's own sign-on, and back."""

from __future__ import annotations

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from accounts.domain.access.sign_on import Refusal
from accounts.web.oidc import ID, Protocol
from accounts.web.sign_on import limited, refused

SAML = "saml"


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """A page that leads on: our policy lets no form end elsewhere, not by a redirect either."""
    if not (settings.OIDC_ISSUER or settings.SAML_ENTITY_ID):
        raise Http404
    if too_many := limited(request):
        return too_many
    provider = get_adapter(request).get_provider(request, ID if settings.OIDC_ISSUER else SAML)
    next_url = get_next_redirect_url(request)
    try:
        answer = provider.redirect(request, process=AuthProcess.LOGIN, next_url=next_url)
    except (RequestException, OAuth2Error) as error:
        return refused(request, Refusal.UNREACHABLE, error=error)
    context = {"url": answer["Location"], "name": settings.SIGN_ON_NAME}
    return render(request, "account/sign_on.html", context)


@require_safe
def callback(request: HttpRequest) -> HttpResponse:
    if not settings.OIDC_ISSUER:
        raise Http404
    if too_many := limited(request):
        return too_many
    view = OAuth2CallbackView.adapter_view(Protocol(request, ID))
    answer: HttpResponse = view(request)
    return answer
