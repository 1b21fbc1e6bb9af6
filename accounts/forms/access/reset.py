"""The form of a forgotten password (ACCOUNT_FORMS in the settings)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.services.access.log_in_mails import ask_for_reset


class ResetForm(forms.Form):
    """Looks nothing up: whether there is such an account is known to the worker alone.

    What takes as long for any address tells nobody who has an account.
    """

    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput({"autocomplete": "email"})
    )

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        email: str = self.cleaned_data["email"]
        ask_for_reset(email, language=get_language() or "", now=timezone.now())
        return email
