"""What an admin enters about playbooks and their steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.forms.access.staff import CrispyForm
from accounts.labels import usage_label, value_label
from accounts.models import Measure
from actions.domain.deliveries.states import Kind
from actions.domain.playbooks.starting import StartedBy
from actions.domain.playbooks.steps import LONGEST_DAYS, StepKind
from actions.domain.playbooks.touch import RANKS, cell_of
from actions.labels import RANK_LABELS, SIZE_LABELS
from actions.models import Channel, Playbook, PlaybookStep, TouchTable
from actions.queries.follow_ups.staff import workers
from actions.queries.playbooks.touch import sizes_in, touch_table
from analytics.labels import TOUCH_LABELS
from surveys.domain.answers.scoring import PROMOTER_MIN, SCORE_MAX
from surveys.domain.states import CampaignState
from surveys.models import Campaign

LONGEST_PAUSE = 730
_LEVELS: Mapping[str, tuple[Any, int, int]] = {
    StartedBy.SCORE: (gettext_lazy("A score of at most"), 0, PROMOTER_MIN - 1),
    StartedBy.FALL: (gettext_lazy("Points below the answer before"), 1, SCORE_MAX),
    StartedBy.RENEWAL: (gettext_lazy("So many days before the renewal"), 1, 365),
    StartedBy.CONTRACTION: (gettext_lazy("Per cent less than the month before"), 1, 99),
    StartedBy.ONBOARDING: (gettext_lazy("So many days after the start"), 1, 730),
    StartedBy.SILENCE: (gettext_lazy("So many days after the survey was sent"), 1, 90),
    StartedBy.USAGE: (gettext_lazy("Per cent less than in the 28 days before"), 1, 100),
}


def _area(label: Any, *, length: int, rows: int, **options: Any) -> forms.CharField:
    widget = forms.Textarea({"rows": rows})
    return forms.CharField(label=label, max_length=length, required=False, widget=widget, **options)


class PlaybookForm(CrispyForm):
    """What starts it was chosen when it was made; the form has the fields of that."""

    name = forms.CharField(label=pgettext_lazy("playbook", "Name"), max_length=100)
    aim = _area(
        gettext_lazy("What a run shall bring about"), length=500, rows=2,
        help_text=gettext_lazy("By this the result is judged at the end."),
    )  # fmt: skip
    level = forms.IntegerField()
    measure = forms.ChoiceField(label=gettext_lazy("Measure"))
    cells = forms.MultipleChoiceField(
        label=gettext_lazy("Cells of the touch table"), widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("It starts when a customer comes into one of them from outside."),
    )  # fmt: skip
    sizes = forms.MultipleChoiceField(
        label=gettext_lazy("Only for customers of this size"), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: for all. Sizes are those of the touch table."),
    )  # fmt: skip
    every_days = forms.IntegerField(
        label=gettext_lazy("At most once per customer in so many days"),
        min_value=1, max_value=LONGEST_PAUSE,
    )  # fmt: skip
    owner = forms.TypedChoiceField(
        label=gettext_lazy("Owner where the account has none"),
        coerce=int, empty_value=None, required=False,
    )  # fmt: skip

    def __init__(self, data: Any = None, *, playbook: Playbook, today: dt.date) -> None:
        self.playbook = playbook
        names = ("name", "aim", "level", "measure", "cells", "sizes", "every_days")
        initial = {name: getattr(playbook, name) for name in names}
        super().__init__(data, initial={**initial, "owner": playbook.owner_id})
        table = touch_table()
        sizes = sizes_in(table, today=today) if table else []
        self._set_level()
        self._keep("measure", [(key, usage_label(key)) for key in _measures()],
                   wanted=playbook.started_by == StartedBy.USAGE)  # fmt: skip
        self._keep("cells", cell_choices(table, sizes) if table else [],
                   wanted=playbook.started_by == StartedBy.TOUCH)  # fmt: skip
        self._keep("sizes", [(size, size_label(table, size)) for size in sizes],
                   wanted=playbook.started_by != StartedBy.TOUCH and bool(sizes))  # fmt: skip
        owners = [(each.pk, str(each)) for each in workers()]
        self._keep("owner", [("", "–"), *owners], wanted=True)

    def _set_level(self) -> None:
        if self.playbook.started_by not in _LEVELS:
            del self.fields["level"]
            return
        label, low, high = _LEVELS[self.playbook.started_by]
        self.fields["level"] = forms.IntegerField(label=label, min_value=low, max_value=high)

    def _keep(self, name: str, choices: list[tuple[Any, Any]], *, wanted: bool) -> None:
        field: Any = self.fields[name]
        if wanted:
            field.choices = choices
        else:
            del self.fields[name]

    def filled(self) -> Playbook:
        for name, value in self.cleaned_data.items():
            if name == "owner":
                self.playbook.owner_id = value
            else:
                setattr(self.playbook, name, value)
        return self.playbook


def _measures() -> list[str]:
    return list(Measure.objects.order_by("key").values_list("key", flat=True))


def size_label(table: TouchTable | None, size: str) -> str:
    of = table.dimension if table else None
    return value_label(of.name, size) if of else str(SIZE_LABELS.get(size, size))


def cell_choices(table: TouchTable, sizes: list[str]) -> list[tuple[str, str]]:
    return [
        (cell, f"{size_label(table, size)} · {RANK_LABELS[rank]} ({_touch(table, cell)})")
        for size in sizes
        for rank in RANKS
        for cell in [cell_of(size, rank)]
    ]


def _touch(table: TouchTable, cell: str) -> str:
    return str(TOUCH_LABELS.get(table.cells.get(cell, ""), "–"))


class StepForm(CrispyForm):
    title = forms.CharField(label=gettext_lazy("What is to be done"), max_length=200)
    after_days = forms.IntegerField(
        label=gettext_lazy("Due so many working days after the start"),
        min_value=0, max_value=LONGEST_DAYS,
        help_text=gettext_lazy("0 is the day of the start itself, by the owner’s working hours."),
    )  # fmt: skip
    text = _area(pgettext_lazy("playbook", "How"), length=2000, rows=3)
    campaign = forms.ModelChoiceField(
        label=gettext_lazy("Campaign"),
        queryset=Campaign.objects.exclude(state__in=[CampaignState.CANCELLED]).order_by("name"),
        required=False,
        empty_label=gettext_lazy("None"),
    )

    channel = forms.ModelChoiceField(
        label=gettext_lazy("Channel"),
        queryset=Channel.objects.filter(disabled="").exclude(kind=Kind.DELIGHTED),
        empty_label=gettext_lazy("Choose a channel"),
    )

    def __init__(self, data: Any = None, *, step: PlaybookStep) -> None:
        self.step = step
        names = ("title", "after_days", "text", "campaign", "channel")
        initial = {name: getattr(step, name) for name in names}
        for language, mail in step.mails.items():
            initial |= {f"subject_{language}": mail["subject"], f"text_{language}": mail["text"]}
        super().__init__(data, initial=initial)
        if step.kind != StepKind.SURVEY:
            del self.fields["campaign"]
        if step.kind == StepKind.WEBHOOK:
            self.fields["title"].label = _("Title of the message")
            self.fields["text"].label = _("Text of the message")
        else:
            del self.fields["channel"]
        if step.kind == StepKind.MAIL:
            self._add_mails()

    def _add_mails(self) -> None:
        for language, name in settings.LANGUAGES:
            self.fields[f"subject_{language}"] = forms.CharField(
                label=_("Subject (%(language)s)") % {"language": name}, max_length=200,
                required=False,
            )  # fmt: skip
            self.fields[f"text_{language}"] = _area(
                _("E-mail (%(language)s)") % {"language": name}, length=4000, rows=8,
                help_text=_("{name}, {customer} and {owner} are filled in."),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.step.kind == StepKind.MAIL and not self._mails(data):
            raise forms.ValidationError(_("Write subject and text in one language at least."))
        return data

    @staticmethod
    def _mails(data: dict[str, Any]) -> dict[str, dict[str, str]]:
        """Of the languages in which there are both."""
        found = {
            language: {"subject": data.get(f"subject_{language}") or "",
                       "text": data.get(f"text_{language}") or ""}
            for language, _name in settings.LANGUAGES
        }  # fmt: skip
        return {language: mail for language, mail in found.items() if all(mail.values())}

    def filled(self) -> PlaybookStep:
        data = self.cleaned_data
        for name in ("title", "after_days", "text"):
            setattr(self.step, name, data[name])
        self.step.campaign = data.get("campaign")
        self.step.channel = data.get("channel")
        if self.step.kind == StepKind.MAIL:
            self.step.mails = self._mails(data)
        return self.step
