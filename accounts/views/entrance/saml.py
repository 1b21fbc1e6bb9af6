"""The way back from a sign-on by SAML, whose answer is a form that another site posts."""

from __future__ import annotations

from typing import Any

import xmlsec
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.saml.views import ACSView, FinishACSView, MetadataView
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse
from lxml import etree
from onelogin.saml2.errors import OneLogin_Saml2_Error

from accounts.domain.access.sign_on import Refusal
from accounts.web.saml import ID
from accounts.web.sign_on import limited, refused

# Of an answer, which anybody may post: it is kept for a moment.
LARGEST = 200_000
COOKIE = "saml-acs-session"
UNREADABLE = (
    OneLogin_Saml2_Error, etree.LxmlError, xmlsec.Error, ImproperlyConfigured, ValueError,
    TypeError, KeyError, AttributeError,
)  # fmt: skip


class _OfOurs:
    request: HttpRequest

    def get_provider(self, organization_slug: str) -> Any:
        return get_adapter(self.request).get_provider(self.request, ID)


class Take(_OfOurs, ACSView):  # type: ignore[misc]
    """Our session's cookie does not come with a form of another site: it is read a moment later."""

    def dispatch(self, request: HttpRequest, organization_slug: str) -> HttpResponse:
        if too_many := limited(request):
            return too_many
        if request.method != "POST" or len(request.body) > LARGEST:
            return refused(request, Refusal.UNPROVED)
        answer: HttpResponse = super().dispatch(request, organization_slug)
        answer.cookies[COOKIE]["httponly"] = True
        return answer


class Finish(_OfOurs, FinishACSView):  # type: ignore[misc]
    def dispatch(self, request: HttpRequest, organization_slug: str) -> HttpResponse:
        if too_many := limited(request):
            return too_many
        try:
            answer: HttpResponse = super().dispatch(request, organization_slug)
        except PermissionDenied as error:
            return refused(request, Refusal.STALE, error=error)
        except UNREADABLE as error:
            return refused(request, Refusal.UNPROVED, error=error)
        return answer


class Metadata(_OfOurs, MetadataView):  # type: ignore[misc]
    pass
