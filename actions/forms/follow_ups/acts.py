"""What staff enter about follow-ups."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.domain.imports.cells.values import MAX_COMMENT
from accounts.forms.access.staff import CrispyForm
from accounts.models import StaffUser
from actions.domain.follow_ups.states import BY_HAND
from actions.labels import DISMISSAL_LABELS, TRIGGER_LABELS
from actions.models import Improvement
from actions.queries.follow_ups.causes import offered_causes
from actions.queries.follow_ups.staff import workers

LONGEST_SNOOZE = dt.timedelta(days=366)


def _text(label: Any, *, rows: int = 3, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=MAX_COMMENT,
        required=required,
        widget=forms.Textarea({"rows": rows}),
    )


def _staff_choices() -> list[tuple[int, str]]:
    return [(each.pk, str(each)) for each in workers()]


class ActForm(CrispyForm):
    """An act on a follow-up as it was seen."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


class AssignForm(ActForm):
    to = forms.TypedChoiceField(label=_("Owner"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.choices = _staff_choices()

    def staff(self) -> StaffUser:
        return StaffUser.objects.get(pk=self.cleaned_data["to"])


class SnoozeForm(ActForm):
    until = forms.DateField(label=_("Until"), widget=forms.DateInput({"type": "date"}))
    reason = _text(_("Why it waits"), rows=2)

    def clean_until(self) -> dt.date:
        day: dt.date = self.cleaned_data["until"]
        today = timezone.localdate()
        if not today < day <= today + LONGEST_SNOOZE:
            raise forms.ValidationError(_("Choose a day after today, within a year."))
        return day


class CommentForm(ActForm):
    text = _text(_("Comment"))
    contacted = forms.BooleanField(label=_("I have reached the customer"), required=False)


class CloseForm(ActForm):
    cause = forms.ChoiceField(label=_("Root cause"))
    outcome = _text(_("What was done"))
    contacted = forms.TypedChoiceField(
        label=_("Was the customer reached?"),
        choices=[("1", _("Yes")), ("0", _("No"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["cause"]
        field.choices = [("", "–"), *offered_causes()]


class ReopenForm(ActForm):
    reason = _text(_("Why it is reopened"), rows=2)


class DismissForm(ActForm):
    reason = forms.ChoiceField(
        label=_("Why nobody follows it up"),
        choices=[(each.value, DISMISSAL_LABELS[each]) for each in BY_HAND],
    )
    note = _text(_("Note"), rows=2, required=False)


class ImproveForm(ActForm):
    improvement = forms.ModelChoiceField(
        label=_("Improvement"), queryset=Improvement.objects.all(), empty_label="–"
    )


class NewForm(CrispyForm):
    owner = forms.TypedChoiceField(label=_("Owner"), coerce=int)
    text = _text(_("What is to be done"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["owner"]
        field.choices = _staff_choices()

    def staff(self) -> StaffUser:
        return StaffUser.objects.get(pk=self.cleaned_data["owner"])


class ListFilterForm(forms.Form):
    view = forms.CharField(required=False, widget=forms.HiddenInput)
    q = forms.CharField(label=_("Search"), required=False, max_length=200, widget=forms.SearchInput)
    owner = forms.TypedChoiceField(label=_("Owner"), required=False, coerce=int, empty_value=None)
    why = forms.ChoiceField(
        label=_("Why"),
        required=False,
        choices=[("", _("All")), *((each.value, label) for each, label in TRIGGER_LABELS.items())],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["owner"]
        field.choices = [("", _("All")), *_staff_choices()]

    def query(self) -> str:
        """What is chosen, as an address has it; what was not understood is left out."""
        self.is_valid()
        known = {name: self.cleaned_data.get(name) for name in self.fields}
        return urlencode({name: value for name, value in known.items() if value})
