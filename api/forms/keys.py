from __future__ import annotations

import datetime as dt

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.forms.access.staff import CrispyForm
from accounts.labels import ROLE_LABELS
from api.models.keys import HIGHEST_RATE, RATE, ROLES


class ApiKeyForm(CrispyForm):
    name = forms.CharField(
        label=pgettext_lazy("API", "Name"),
        max_length=100,
        help_text=_("Which program uses it, such as: shop."),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(role.value, ROLE_LABELS[role]) for role in ROLES],
        widget=forms.RadioSelect,
        help_text=_("A viewer reads answers and figures, and neither sees addresses nor changes."),
    )
    project = forms.CharField(
        label=pgettext_lazy("API", "Project"),
        max_length=100,
        help_text=_("Keys of one project see the same people and answers, others do not."),
    )
    rate = forms.IntegerField(
        label=_("Requests per minute"), min_value=1, max_value=HIGHEST_RATE, initial=RATE
    )
    expires_on = forms.DateField(
        label=_("Valid until"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Through this day. Leave empty for no end."),
    )

    def clean_expires_on(self) -> dt.datetime | None:
        """The end of that day in the organisation's time zone."""
        day = self.cleaned_data["expires_on"]
        if day is None:
            return None
        if not timezone.localdate() <= day < dt.date.max:
            raise forms.ValidationError(gettext("This day has passed."))
        midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time())
        return timezone.make_aware(midnight, timezone.get_default_timezone())
