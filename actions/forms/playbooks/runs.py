"""What staff enter about a run of a playbook."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.forms.access.staff import CrispyForm
from accounts.models import StaffUser
from actions.domain.playbooks.steps import BY_HAND, StepState
from actions.labels import RUN_RESULT_LABELS
from actions.models import PlaybookRun
from actions.queries.follow_ups.staff import workers

# The name of the button says which.
SETTLED = {"done": StepState.DONE, "skip": StepState.SKIPPED, "undo": StepState.OPEN}


class SettleForm(forms.Form):
    """Done, perhaps with a note; skipped only with one."""

    note = forms.CharField(max_length=1000, required=False)
    act = forms.ChoiceField(choices=[(name, name) for name in SETTLED])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("act") == "skip" and not data.get("note"):
            self.add_error("note", _("Say why it is skipped."))
        return data

    @property
    def state(self) -> StepState:
        return SETTLED[self.cleaned_data["act"]]


class EndForm(CrispyForm):
    result = forms.ChoiceField(
        label=gettext_lazy("Result"), widget=forms.RadioSelect,
        choices=[(each.value, RUN_RESULT_LABELS[each]) for each in BY_HAND],
    )  # fmt: skip
    words = forms.CharField(
        label=pgettext_lazy("playbook", "In words"),
        max_length=2000, widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip


class RunAssignForm(CrispyForm):
    to = forms.TypedChoiceField(label=gettext_lazy("Owner"), coerce=int)

    def __init__(self, data: Any = None, *, run: PlaybookRun) -> None:
        super().__init__(data, initial={"to": run.owner_id})
        field: Any = self.fields["to"]
        field.choices = [(each.pk, str(each)) for each in workers()]

    def staff(self) -> StaffUser:
        return StaffUser.objects.get(pk=self.cleaned_data["to"])
