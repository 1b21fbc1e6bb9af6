"""What a browser posts of a passkey: for our site alone, and whatever else it is, a refusal."""

from __future__ import annotations

import json
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms as allauth
from django import forms
from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _
from fido2.utils import websafe_decode

from accounts.domain.access.audit import AuditAction
from accounts.receivers import note_entrance

# A credential is some hundred bytes; with a certificate of its maker some thousand.
LONGEST = 20_000
NAME = 80


class CredentialField(forms.JSONField):
    """Of our site to the letter: the library takes any subdomain of it, too."""

    widget = forms.HiddenInput

    def bound_data(self, data: Any, initial: Any) -> None:
        """What was refused is not shown again, nor read for that."""

    def clean(self, value: Any) -> Any:
        if len(str(value)) > LONGEST:
            raise get_adapter().validation_error("incorrect_code")
        credential = super().clean(value)
        try:
            said = json.loads(websafe_decode(credential["response"]["clientDataJSON"]))
            is_ours = said["origin"] == settings.SITE_URL and not said.get("crossOrigin")
        except (ValueError, TypeError, KeyError, AttributeError):
            is_ours = False
        if not is_ours:
            raise get_adapter().validation_error("incorrect_code")
        return credential


class _Guarded:
    """Those bytes are anybody's: what the library stumbles over is refused like what it refuses."""

    where: str | None = "credential"
    # A log-in that fails is in the audit log.
    is_entrance = False

    def full_clean(self) -> None:
        try:
            super().full_clean()  # type: ignore[misc]
        except DatabaseError:
            raise
        except Exception:
            self.add_error(self.where, get_adapter().validation_error("incorrect_code"))  # type: ignore[attr-defined]
        if self.is_entrance and self.is_bound and self.errors:  # type: ignore[attr-defined]
            email = self.user.email if self.user else ""  # type: ignore[attr-defined]
            note_entrance(AuditAction.STAFF_LOGIN_FAILED, email=email, step="passkey")


class AddForm(_Guarded, allauth.AddWebAuthnForm):  # type: ignore[misc]
    where = None
    name = forms.CharField(label=_("Name of the passkey"), required=False, max_length=NAME)
    passwordless = forms.BooleanField(
        label=_("Log in with it alone, without a password"),
        help_text=_("Turn this off for a security key that has no room for passkeys."),
        required=False,
        initial=True,
    )
    credential = CredentialField()


class EditForm(allauth.EditWebAuthnForm):  # type: ignore[misc]
    name = forms.CharField(label=_("Name of the passkey"), max_length=NAME)


class AuthenticateForm(_Guarded, allauth.AuthenticateWebAuthnForm):  # type: ignore[misc]
    is_entrance = True
    credential = CredentialField()


class LoginForm(_Guarded, allauth.LoginWebAuthnForm):  # type: ignore[misc]
    is_entrance = True
    credential = CredentialField()


class ReauthenticateForm(_Guarded, allauth.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    credential = CredentialField()
