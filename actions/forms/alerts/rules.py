"""What an admin enters of a rule for alerts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.forms.access.staff import CrispyForm
from accounts.models import Dimension, StaffUser
from actions.domain.alerts.rules import Group
from actions.domain.deliveries.states import Kind
from actions.labels import ALERT_GROUP_LABELS
from actions.models import AlertRule, Channel
from analytics.queries.dimensions import known_dimensions
from analytics.views.forms.filters import segment_choices

_BOXES = forms.CheckboxSelectMultiple


class AlertForm(CrispyForm):
    name = forms.CharField(
        label=pgettext_lazy("rule", "Name"),
        max_length=100,
        help_text=gettext_lazy("It stands in each e-mail, so that everybody knows why it came."),
    )
    group = forms.ChoiceField(
        label=gettext_lazy("Tell of"),
        choices=[(each.value, ALERT_GROUP_LABELS[each]) for each in Group],
        widget=forms.RadioSelect,
    )
    only_with_comment = forms.BooleanField(
        label=gettext_lazy("Only with a comment"), required=False
    )
    segment = forms.ChoiceField(
        label=gettext_lazy("Key accounts: those in"),
        required=False,
        help_text=gettext_lazy(
            "With one of these two fields only key accounts are told of; with both, either makes"
            " an account one."
        ),
    )
    mrr_at_least = forms.DecimalField(
        label=gettext_lazy("Key accounts: MRR of at least"),
        required=False,
        min_value=0,
        max_digits=16,
        decimal_places=2,
        help_text=gettext_lazy("In the currency of reports."),
    )
    staff = forms.ModelMultipleChoiceField(
        label=gettext_lazy("E-mail to"),
        queryset=StaffUser.objects.none(),
        required=False,
        widget=_BOXES,
        help_text=gettext_lazy("Everybody in their own language."),
    )
    channels = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Message to"),
        queryset=Channel.objects.none(),
        required=False,
        widget=_BOXES,
    )
    is_active = forms.BooleanField(label=gettext_lazy("The rule is in use"), required=False)

    def __init__(self, data: Any = None, *, rule: AlertRule) -> None:
        super().__init__(data, initial=_shown(rule))
        self.rule = rule
        self._dimensions = {each.name: each for each in known_dimensions()}
        fields: dict[str, Any] = dict(self.fields)
        fields["segment"].choices = [
            ("", _("All accounts")),
            *segment_choices([*self._dimensions.values()]),
        ]
        fields["staff"].queryset = StaffUser.objects.filter(is_active=True).order_by(
            "name", "email"
        )
        fields["channels"].queryset = Channel.objects.exclude(kind=Kind.DELIGHTED)
        if not fields["channels"].queryset.exists():
            del self.fields["channels"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not (data.get("staff") or data.get("channels")) and "staff" not in self.errors:
            self.add_error("staff", _("Choose at least one person or channel."))
        return data

    def filled(self) -> AlertRule:
        """The rule as it was entered, not yet saved."""
        rule, data = self.rule, self.cleaned_data
        name, _equals, value = data["segment"].partition("=")
        rule.name, rule.group = data["name"], data["group"]
        rule.only_with_comment, rule.is_active = data["only_with_comment"], data["is_active"]
        rule.mrr_at_least = data["mrr_at_least"]
        rule.dimension, rule.value = self._dimension(name), value
        return rule

    def _dimension(self, name: str) -> Dimension | None:
        return self._dimensions.get(name)


def _shown(rule: AlertRule) -> dict[str, Any]:
    known: dict[str, Any] = {
        "name": rule.name,
        "group": rule.group,
        "only_with_comment": rule.only_with_comment,
        "segment": f"{rule.dimension.name}={rule.value}" if rule.dimension else "",
        "mrr_at_least": rule.mrr_at_least,
        "is_active": rule.is_active,
    }
    if rule.pk is not None:
        known |= {"staff": rule.staff.all(), "channels": rule.channels.all()}
    return known
