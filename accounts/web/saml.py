"""SAML, where OpenID Connect is not to be had. Needs the extra `saml`."""

from __future__ import annotations

import hashlib
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.domain.access.sign_on import as_compared

ID = "saml"
# What stands for Koe in the addresses of the library.
SLUG = "koe"
LONGEST_NAME = 191


def app() -> SocialApp:
    issuer = hashlib.sha256(settings.SAML_ENTITY_ID.encode()).hexdigest()[:16]
    return SocialApp(
        provider=ID,
        provider_id=f"{ID}-{issuer}",
        name=settings.SIGN_ON_NAME,
        client_id=SLUG,
        settings={
            "class": "accounts.web.saml.Provider",
            "idp": {
                "entity_id": settings.SAML_ENTITY_ID,
                "sso_url": settings.SAML_SSO_URL,
                "x509cert": settings.SAML_CERTIFICATE,
            },
            # The assertion itself: a signature around it can be put around another.
            "advanced": {
                "want_assertion_signed": True,
                "want_name_id": True,
                "strict": True,
                # A name of one's own network is an address, too.
                "allow_single_label_domains": True,
            },
        },
    )


class Provider(SAMLProvider):  # type: ignore[misc]
    id = ID

    def redirect(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # The library reads it past Django, and old clients send none.
        request.META.setdefault("HTTP_HOST", request.get_host())
        answer: HttpResponse = super().redirect(request, *args, **kwargs)
        return answer

    def extract_uid(self, data: Any) -> str:
        name = str(super().extract_uid(data) or "")
        return name if len(name) <= LONGEST_NAME else hashlib.sha256(name.encode()).hexdigest()

    def extract_extra_data(self, data: Any) -> dict[str, Any]:
        """Nothing of what it tells is kept but who it is."""
        return {}

    def extract_common_fields(self, data: Any) -> dict[str, Any]:
        said = self._extract(data)
        names = (said.get("first_name"), said.get("last_name"))
        return {"name": " ".join(filter(None, names))}

    def extract_email_addresses(self, data: Any) -> list[EmailAddress]:
        """The organisation's own directory says it: SAML has no word for verified, some have."""
        said = self._extract(data)
        email = as_compared(str(said.get("email") or ""))
        verified = bool(said.get("email_verified", True))
        return [EmailAddress(email=email, verified=verified)] if email else []
