from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.domain.access.demo import DEMO_PASSWORD
from accounts.domain.access.passwords import is_guessable
from accounts.models import StaffUser


class NotGuessable:
    """One of AUTH_PASSWORD_VALIDATORS."""

    def validate(self, password: str, user: StaffUser | None = None) -> None:
        about = (user.email, user.name) if user else ()
        words = ["koe", DEMO_PASSWORD, settings.ORGANISATION_NAME, settings.SITE_URL, *about]
        if is_guessable(password, words=words):
            raise ValidationError(
                _(
                    "This password is easy to guess. Take several words that have nothing to do"
                    " with each other, or let a password manager make one."
                )
            )

    def get_help_text(self) -> str:
        return _(
            "Not easy to guess: no usual password, and no name, address or year with a sign behind."
        )
