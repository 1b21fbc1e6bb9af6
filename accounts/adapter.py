from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, override


class StaffAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Staff users are made by an admin; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language the staff user chose, else in that of the page they asked from."""
        user = context.get("user")
        context = {**context, "organisation_name": settings.ORGANISATION_NAME}
        with override((user.language if user else "") or get_language()):
            super().send_mail(template_prefix, email, context)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """At the address of the site, whatever host the visitor claims to have asked."""
        path: str = urlsplit(super().get_reset_password_from_key_url(key)).path
        return settings.SITE_URL + path

    def format_email_subject(self, subject: str) -> str:
        return subject
