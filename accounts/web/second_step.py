"""What the library of the second step asks of us: for which site passkeys are."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import StaffUser


def site_host() -> str:
    return urlsplit(settings.SITE_URL).hostname or ""


def has_passkeys() -> bool:
    """Browsers keep passkeys for a name; for an address of numbers they refuse."""
    try:
        ip_address(site_host())
    except ValueError:
        return True
    return False


class StaffSecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Passkeys are of the host of SITE_URL, whatever host a request names."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("That was not accepted. Please try again."),
    }

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": site_host(), "name": "Koe"}

    def get_public_key_credential_user_entity(self, user: StaffUser) -> dict[str, object]:
        identity = user_pk_to_url_str(user).encode()
        return {"id": identity, "display_name": str(user), "name": user.email}

    def generate_authenticator_name(self, user: StaffUser, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey %(number)d") % {"number": number}
