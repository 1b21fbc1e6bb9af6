"""Forms of the settings pages and the filters of the lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.domain.access.roles import Role
from accounts.domain.contactability import SuppressionReason
from accounts.forms.owners import my_accounts_field
from accounts.labels import ROLE_LABELS, SUPPRESSION_LABELS, action_text, value_label
from accounts.models import StaffUser
from accounts.queries.customers.behind import KEPT, KEPT_LISTS

ROLES = [(role.value, ROLE_LABELS[role]) for role in Role]
UNKNOWN_CHOICE = "\u2014"
SEGMENT_PREFIX = "segment-"


class CrispyForm(forms.Form):
    """The template draws the form tag, the token and the buttons."""

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        return helper


class StaffCreateForm(CrispyForm):
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=100, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=ROLES, widget=forms.RadioSelect)

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if StaffUser.objects.filter(email__iexact=email).exists():
            text = gettext("%(email)s already has an account.") % {"email": email}
            raise forms.ValidationError(text)
        return email


class StaffChangeForm(CrispyForm):
    name = forms.CharField(label=_("Name"), max_length=100, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=ROLES, widget=forms.RadioSelect)
    is_active = forms.BooleanField(
        label=_("Can log in"),
        required=False,
        help_text=_("If this is off, the account is closed; what this person did stays on record."),
    )


class LiftForm(CrispyForm):
    note = forms.CharField(
        label=_("Note"),
        help_text=_(
            "Why this person can be e-mailed again, for example: asked for it on the phone."
        ),
        widget=forms.Textarea({"rows": 3}),
        max_length=1000,
    )


class SuppressionFilterForm(forms.Form):
    q = forms.CharField(
        label=_("Name or e-mail"), required=False, max_length=200, widget=forms.SearchInput
    )
    reason = forms.ChoiceField(
        label=_("Reason"),
        required=False,
        choices=[
            ("", _("all")),
            *((reason.value, SUPPRESSION_LABELS[reason]) for reason in SuppressionReason),
        ],
    )
    lifted = forms.BooleanField(label=_("Include lifted ones"), required=False)


class AuditFilterForm(forms.Form):
    action = forms.ChoiceField(label=_("Action"), required=False)
    actor = forms.ChoiceField(label=_("By"), required=False)

    def __init__(self, *args: Any, actions: Sequence[str], actors: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = ("", gettext("all"))
        named = sorted(((each, action_text(each)) for each in actions), key=itemgetter(1))
        self.fields["action"].choices = [everything, *named]  # type: ignore[attr-defined]
        self.fields["actor"].choices = [everything, *actors]  # type: ignore[attr-defined]


class CustomerFilterForm(forms.Form):
    """`segments` maps the name and label of each segment to the values to choose from."""

    # The saved views beside one's own accounts and all.
    VIEWS = (
        ("", _("all")),
        ("risk", pgettext_lazy("saved view", "At risk")),
        ("renewing", _("Renewing in 90 days")),
        ("silent", _("Asked, never answered")),
    )

    mine = my_accounts_field()
    q = forms.CharField(
        label=_("Name or id"), required=False, max_length=200, widget=forms.SearchInput
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("all")), ("active", _("active")), ("churned", _("churned"))],
    )

    def __init__(
        self,
        *args: Any,
        owners: Sequence[str],
        segments: Mapping[tuple[str, str], Sequence[str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if owners:
            self.fields["owner"] = forms.ChoiceField(
                label=_("Owner"),
                required=False,
                choices=[("", gettext("all")), *((owner, owner) for owner in owners)],
            )
        for (name, label), values in segments.items():
            if values:
                self.fields[SEGMENT_PREFIX + name] = _segment_field(name, label, values)
        self.fields["sort"] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.fields["view"] = forms.ChoiceField(
            required=False, choices=self.VIEWS, widget=forms.HiddenInput
        )
        self._keep_figure()

    def _keep_figure(self) -> None:
        """Of the figure whose customers are shown; hidden, since its page is where it is chosen."""
        for name in (*KEPT, *KEPT_LISTS):
            if self.data.get(name):
                single = name in KEPT
                widget = forms.HiddenInput if single else forms.MultipleHiddenInput
                self.fields[name] = forms.Field(required=False, widget=widget)

    @property
    def more(self) -> list[str]:
        """The fields that stand behind "More filters"."""
        return [name for name in self.fields if name.startswith(SEGMENT_PREFIX)]

    @property
    def more_in_use(self) -> bool:
        return any(self.data.get(name) for name in self.more)

    def chosen_segments(self) -> dict[str, str]:
        return {
            name.removeprefix(SEGMENT_PREFIX): "" if value == UNKNOWN_CHOICE else value
            for name, value in self.cleaned_data.items()
            if name.startswith(SEGMENT_PREFIX) and value
        }


def _segment_field(name: str, label: str, values: Sequence[str]) -> forms.ChoiceField:
    choices = [
        (value or UNKNOWN_CHOICE, value_label(name, value) if value else gettext("(not known)"))
        for value in values
    ]
    return forms.ChoiceField(label=label, required=False, choices=[("", gettext("all")), *choices])
