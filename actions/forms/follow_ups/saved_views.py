from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.access.staff import CrispyForm


class SavedViewForm(CrispyForm):
    name = forms.CharField(label=_("Name of this view"), max_length=40)
    is_default = forms.BooleanField(label=_("Open the list with it"), required=False)
