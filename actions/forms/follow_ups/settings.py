"""What an admin enters: rules, root causes, working hours."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.forms.access.staff import CrispyForm
from actions.domain.follow_ups.due import LONGEST_HOURS
from actions.domain.follow_ups.hold_out import MOST_PERCENT
from actions.domain.rules.triggers import BY_FACTS, Rule, Trigger
from actions.models import WorkingHours
from actions.queries.rules.key_persons import key_choices
from surveys.domain.answers.scoring import PROMOTER_MIN, SCORE_MAX
from surveys.forms.steps.campaigns import HOLIDAYS, WEEKDAYS

_TIME = {"type": "time"}
_LEVELS = {
    Trigger.SCORE: (_("A score of at most"), 0, PROMOTER_MIN - 1),
    Trigger.FALL: (_("Points below the answer before"), 1, SCORE_MAX),
    Trigger.RENEWAL: (_("So many days before the renewal"), 1, 365),
    Trigger.CONTRACTION: (_("Per cent less than the month before"), 1, 99),
    Trigger.BAND: (_("Again only after so many points above the band"), 0, 50),
    Trigger.ONBOARDING: (_("So many days after the start"), 1, 730),
    Trigger.SILENCE: (_("So many days after the survey was sent"), 1, 90),
}


class RuleForm(CrispyForm):
    is_active = forms.BooleanField(label=_("The rule is in use"), required=False)
    level = forms.IntegerField()
    key = forms.ChoiceField(
        label=_("Key persons"),
        required=False,
        help_text=_("Respondents with this value; values are those that occur."),
    )
    only_with_comment = forms.BooleanField(label=_("Only with a comment"), required=False)
    due_hours = forms.IntegerField(
        label=_("Due after so many working hours"), min_value=1, max_value=LONGEST_HOURS
    )

    def __init__(self, data: Any = None, *, rule: Rule) -> None:
        self.trigger = rule.trigger
        initial = {name: getattr(rule, name) for name in self.base_fields}
        super().__init__(data, initial=initial)
        if rule.trigger not in _LEVELS:
            # What is opened by hand is only due.
            for name in ("is_active", "level", "only_with_comment", "key"):
                del self.fields[name]
            return
        if rule.trigger in BY_FACTS:
            del self.fields["only_with_comment"]
        if rule.trigger is Trigger.SILENCE:
            key: Any = self.fields["key"]
            key.choices = [("", "–"), *key_choices(kept=rule.key, day=timezone.localdate())]
        else:
            del self.fields["key"]
        label, low, high = _LEVELS[rule.trigger]
        self.fields["level"] = forms.IntegerField(label=label, min_value=low, max_value=high)

    def rule(self) -> Rule:
        data = self.cleaned_data
        return Rule(
            self.trigger,
            level=data.get("level", 0),
            due_hours=data["due_hours"],
            is_active=data.get("is_active", True),
            only_with_comment=data.get("only_with_comment", False),
            key=data.get("key", ""),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "key" in self.fields and data.get("is_active") and not data.get("key"):
            self.add_error("key", gettext("Choose who is a key person."))
        return data


class HoldOutForm(CrispyForm):
    percent = forms.IntegerField(
        label=_("Per cent of the customers that are held out (0: none)"),
        min_value=0,
        max_value=MOST_PERCENT,
    )


class CauseForm(CrispyForm):
    name_en = forms.CharField(label=_("Name in English"), max_length=100, required=False)
    name_ja = forms.CharField(label=_("Name in Japanese"), max_length=100, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not (data.get("name_en") or data.get("name_ja")):
            raise forms.ValidationError(_("Enter a name in one of the languages."))
        return data


class HoursForm(CrispyForm):
    starts = forms.TimeField(
        label=pgettext_lazy("time of day", "From"), widget=forms.TimeInput(_TIME, "%H:%M")
    )
    ends = forms.TimeField(
        label=pgettext_lazy("time of day", "Until"), widget=forms.TimeInput(_TIME, "%H:%M")
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days"), choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    holidays_of = forms.ChoiceField(
        label=_("Nobody works on the national holidays of"), choices=HOLIDAYS, required=False
    )

    def __init__(self, data: Any = None, *, hours: WorkingHours) -> None:
        super().__init__(
            data,
            initial={
                "starts": hours.starts,
                "ends": hours.ends,
                "weekdays": hours.weekdays or [0, 1, 2, 3, 4],
                "holidays_of": hours.holidays_of,
            },
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        starts, ends = data.get("starts"), data.get("ends")
        if starts and ends and starts >= ends:
            self.add_error("ends", _("Choose a time after the one at which work starts."))
        return data


class OwnHoursForm(HoursForm):
    """One may work elsewhere."""

    time_zone = forms.CharField(
        label=_("Time zone"),
        max_length=64,
        required=False,
        help_text=_("Such as Asia/Tokyo; empty: that of the organisation."),
    )

    def __init__(self, data: Any = None, *, hours: WorkingHours) -> None:
        super().__init__(data, hours=hours)
        self.initial["time_zone"] = hours.time_zone

    def clean_time_zone(self) -> str:
        name: str = self.cleaned_data["time_zone"]
        if name and name not in available_timezones():
            raise forms.ValidationError(_("This is no time zone. Write one such as Asia/Tokyo."))
        return name
