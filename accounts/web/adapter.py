from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.domain.audit import AuditAction
from accounts.domain.demo import DEMO_PASSWORD
from accounts.receivers import note_entrance


class StaffAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Staff users are made by an admin; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def format_email_subject(self, subject: str) -> str:
        return subject

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """The demo's password opens nothing, whose account it is: it is written in the code."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            note_entrance(AuditAction.STAFF_LOCKED_OUT, email=credentials.get("email"))
            raise
        if settings.SERVED_SECURELY and credentials.get("password") == DEMO_PASSWORD:
            raise ValidationError(
                _(
                    "The demo log-ins are closed where Koe is served by https. Whoever runs it"
                    " makes a log-in with: manage.py create_staff"
                )
            )
