"""What a CS member writes down of a customer."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.domain.facts.contacts import PULSE_MAX, Channel
from accounts.domain.imports.cells.values import MAX_COMMENT
from accounts.forms.access.staff import CrispyForm
from accounts.labels import CHANNEL_LABELS
from accounts.models import Customer, Respondent

MINUTES = "%Y-%m-%dT%H:%M"
# A moment that is typed has no seconds, and clocks differ.
TOLERANCE = dt.timedelta(minutes=5)


class ContactForm(CrispyForm):
    channel = forms.ChoiceField(
        label=_("How"),
        choices=[(each.value, CHANNEL_LABELS[each]) for each in Channel],
        widget=forms.RadioSelect,
        initial=Channel.CALL,
    )
    at = forms.DateTimeField(
        label=_("When"), widget=forms.DateTimeInput({"type": "datetime-local"}, MINUTES)
    )
    respondent = forms.ModelChoiceField(
        label=_("With whom"),
        queryset=Respondent.objects.none(),
        required=False,
        empty_label=_("Nobody in particular"),
    )
    note = forms.CharField(
        label=_("What it was about"),
        max_length=MAX_COMMENT,
        widget=forms.Textarea({"rows": 5}),
    )
    # What the form was given when it was opened: sent twice, it is one contact.
    ref = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, customer: Customer, now: dt.datetime) -> None:
        super().__init__(data, initial={"at": timezone.localtime(now), "ref": uuid.uuid4()})
        self.now = now
        field: Any = self.fields["respondent"]
        field.queryset = customer.respondents.select_related("person").order_by("name", "pk")

    def clean_at(self) -> dt.datetime:
        at: dt.datetime = self.cleaned_data["at"]
        if at > self.now + TOLERANCE:
            raise forms.ValidationError(_("This is in the future. Write down what has happened."))
        return min(at, self.now)


class PulseForm(CrispyForm):
    value = forms.TypedChoiceField(
        label=_("How do you judge this relationship?"),
        help_text=_("0 is lost, 10 could not be better. It counts for 90 days."),
        choices=[("", "–"), *((value, str(value)) for value in range(PULSE_MAX, -1, -1))],
        coerce=int,
    )
    reason = forms.CharField(
        label=_("Why"), max_length=MAX_COMMENT, widget=forms.Textarea({"rows": 4})
    )
