from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

MINE = "1"


def my_accounts_field() -> forms.ChoiceField:
    """One press: the accounts of whoever looks at the page, or all.

    It says yes or no. Whose they are is said by who has logged in, never by the address.
    """
    return forms.ChoiceField(
        label=_("Accounts"),
        required=False,
        choices=[(MINE, _("My accounts")), ("", _("All accounts"))],
        widget=forms.RadioSelect,
    )
