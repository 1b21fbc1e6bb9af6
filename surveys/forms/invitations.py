"""The filter bar of the invitations page."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from surveys.forms.steps.segments import ANY, SegmentFilterForm
from surveys.queries.invitations import InvitationFilter


class InvitationFilterForm(SegmentFilterForm):
    answered = forms.ChoiceField(
        label=_("Answered"), required=False, choices=[*ANY, ("yes", _("Yes")), ("no", _("No"))]
    )

    field_order = ("mine", "answered", "campaign", "from_", "to", "language")
    first = frozenset({"mine", "answered", "campaign", "from_", "to"})

    def wanted(self, *, reader: str) -> InvitationFilter:
        """What was asked for; fields with an error ask for nothing and show their error.

        `reader`: the address of whoever asks.
        """
        return InvitationFilter(**self.given(reader=reader), segments=self.segments())
