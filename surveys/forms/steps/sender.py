from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from surveys.domain.mail.sender_domain import LONGEST, is_domain


class SenderCheckForm(forms.Form):
    selector = forms.RegexField(
        r"^[A-Za-z0-9](?:[-_A-Za-z0-9]*[A-Za-z0-9])?$",
        label=_("Name of the DKIM key (selector)"),
        max_length=63,
        required=False,
        help_text=_("Your mail provider shows it; empty: the usual names are tried."),
    )


class SenderDomainForm(forms.Form):
    domain = forms.CharField(
        label=_("Domain"),
        max_length=LONGEST,
        help_text=_("One of yours, such as mail.example.com: what stands after the @."),
    )

    def clean_domain(self) -> str:
        domain: str = self.cleaned_data["domain"].strip().strip(".").lower()
        if not is_domain(domain):
            raise forms.ValidationError(_("Write a domain, such as mail.example.com."))
        return domain
