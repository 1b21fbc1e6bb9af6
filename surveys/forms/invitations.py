"""The filter bar of the invitations page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from surveys.forms.segments import ANY, SegmentFilterForm
from surveys.models import Campaign
from surveys.queries.invitations import InvitationFilter


class InvitationFilterForm(SegmentFilterForm):
    answered = forms.ChoiceField(
        label=_("Answered"), required=False, choices=[*ANY, ("yes", _("Yes")), ("no", _("No"))]
    )
    campaign = forms.ChoiceField(label=_("Campaign"), required=False)
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[*ANY, *settings.LANGUAGES]
    )

    field_order = ("mine", "answered", "campaign", "from_", "to", "language")
    first = frozenset({"mine", "answered", "campaign", "from_", "to"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        campaigns = Campaign.objects.order_by("-id").values_list("slug", "name")
        self.fields["campaign"].choices = [*ANY, *campaigns]  # type: ignore[attr-defined]

    def wanted(self, *, reader: str) -> InvitationFilter:
        """What was asked for; fields with an error ask for nothing and show their error.

        `reader`: the address of whoever asks.
        """
        return InvitationFilter(**self.given(reader=reader), segments=self.segments())
