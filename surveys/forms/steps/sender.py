from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class SenderCheckForm(forms.Form):
    selector = forms.RegexField(
        r"^[A-Za-z0-9](?:[-_A-Za-z0-9]*[A-Za-z0-9])?$",
        label=_("Name of the DKIM key (selector)"),
        max_length=63,
        required=False,
        help_text=_("Your mail provider shows it; empty: the usual names are tried."),
    )
