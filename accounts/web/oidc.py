"""OpenID Connect, stricter than the library: every token's signature and nonce are checked.

The library believes a token for the line that it came by, and knows no nonce.
"""

from __future__ import annotations

import hashlib
import hmac
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import jwt
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.utils import generate_code_challenge
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts.domain.access.sign_on import as_compared

ID = "oidc"
# Nothing that is signed with a secret which both sides have, and never `none`.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
# So far the clocks of two machines may differ.
LEEWAY = 60
LONGEST_SUBJECT = 191
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
# Entra ID says by the second that the domain's owner proved it; the first it does not know.
VERIFIED = ("email_verified", "xms_edov")


def app() -> SocialApp:
    """Somebody's name is one of its issuer: of another it would be somebody else."""
    issuer = hashlib.sha256(settings.OIDC_ISSUER.encode()).hexdigest()[:16]
    return SocialApp(
        provider=ID,
        provider_id=f"{ID}-{issuer}",
        name=settings.SIGN_ON_NAME,
        client_id=settings.OIDC_CLIENT_ID,
        secret=settings.OIDC_CLIENT_SECRET,
        settings={
            "class": "accounts.web.oidc.Provider",
            "server_url": settings.OIDC_ISSUER,
            "oauth_pkce_enabled": True,
        },
    )


def nonce_of(code_verifier: str) -> str:
    """Of the browser that began: the verifier stays in its session, this goes through its hands."""
    return hmac.new(code_verifier.encode(), b"koe.nonce", hashlib.sha256).hexdigest()


def claims_of(token: Any, *, keys: Any, issuer: str, client_id: str, nonce: str) -> dict[str, Any]:
    """What the token says of somebody; raises OAuth2Error where it is not for us, now, and here."""
    try:
        header = jwt.get_unverified_header(token)
        claims: dict[str, Any] = jwt.decode(
            token,
            _key(keys, header.get("kid")),
            algorithms=ALGORITHMS,
            audience=client_id,
            issuer=issuer,
            leeway=LEEWAY,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise OAuth2Error(f"the token is not believed: {type(error).__name__}") from error
    audience = claims["aud"]
    is_shared = isinstance(audience, list) and len(audience) > 1
    if claims.get("azp", None if is_shared else client_id) != client_id:
        raise OAuth2Error("the token was made for another")
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise OAuth2Error("the token was made for another log-in")
    if not 0 < len(claims["sub"]) <= LONGEST_SUBJECT:
        raise OAuth2Error("the token names nobody")
    return claims


def _key(keys: Any, kid: Any) -> Any:
    """The one that is named; one that stands alone need not be."""
    known = jwt.PyJWKSet.from_dict(keys).keys
    found = [each for each in known if each.public_key_use in (None, "sig")]
    if kid is not None:
        found = [each for each in found if each.key_id == kid]
    if len(found) != 1:
        raise OAuth2Error("no key, or more than one, can have signed the token")
    return found[0].key


class Protocol(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    nonce: str

    @property
    def openid_config(self) -> dict[str, Any]:
        """Of that issuer, and nothing of it goes over a line that others read."""
        try:
            config: dict[str, Any] = super().openid_config
            is_its_own = str(config["issuer"]).rstrip("/") == settings.OIDC_ISSUER.rstrip("/")
            is_safe = all(_is_safe(config[each]) for each in NEEDED)
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise OAuth2Error("the issuer does not say what it is") from error
        if not is_its_own or not is_safe:
            raise OAuth2Error("the issuer's description is of another, or leads over http")
        return config

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """At the address of the site, whatever host a visitor claims to have asked."""
        return settings.SITE_URL + reverse("account_sign_on_callback")

    def get_access_token_data(
        self, request: HttpRequest, app: SocialApp, client: Any, pkce_code_verifier: Any = None
    ) -> dict[str, Any]:
        self.nonce = nonce_of(pkce_code_verifier or "")
        fetch = partial(super().get_access_token_data, request, app, client)
        try:
            return dict(fetch(pkce_code_verifier=pkce_code_verifier))
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise OAuth2Error("the answer to the code cannot be read") from error

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        """Used once, for somebody's address, and not kept."""
        return SocialToken(token=str(data["access_token"]))

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> Any:
        config = self.openid_config
        claims = claims_of(
            kwargs["response"].get("id_token"),
            keys=_read(config["jwks_uri"]),
            issuer=config["issuer"],
            client_id=app.client_id,
            nonce=self.nonce,
        )
        if "email" not in claims and _is_safe(config.get("userinfo_endpoint")):
            claims |= self._more(config["userinfo_endpoint"], token.token, claims["sub"])
        return self.get_provider().sociallogin_from_response(request, claims)

    def _more(self, url: str, access_token: str, subject: str) -> dict[str, Any]:
        said = _read(url, headers={"Authorization": f"Bearer {access_token}"})
        if not isinstance(said, dict) or said.get("sub") != subject:
            raise OAuth2Error("what was told is of somebody else")
        return {name: said[name] for name in ("email", "name", *VERIFIED) if name in said}


def _read(url: str, **more: Any) -> Any:
    with get_adapter().get_requests_session() as session:
        answer = session.get(url, **more)
        answer.raise_for_status()
        return answer.json()


def _is_safe(url: Any) -> bool:
    """As the issuer's own address, which may be http only on this machine."""
    parts = urlsplit(str(url or ""))
    own = urlsplit(settings.OIDC_ISSUER)
    return parts.scheme == "https" or (parts.scheme, parts.hostname) == (own.scheme, own.hostname)


class Provider(OpenIDConnectProvider):  # type: ignore[misc]
    id = ID
    oauth2_adapter_class = Protocol

    def get_pkce_params(self) -> dict[str, str]:
        params: dict[str, str] = generate_code_challenge()
        return {**params, "nonce": nonce_of(params["code_verifier"])}

    def extract_uid(self, data: dict[str, Any]) -> str:
        return str(data["sub"])

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Nothing of what it tells is kept but who it is."""
        return {}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"name": data.get("name")}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        email = as_compared(str(data.get("email") or ""))
        verified = any(data.get(name) in (True, "true", "1", 1) for name in VERIFIED)
        return [EmailAddress(email=email, verified=verified)] if email else []
