"""The extra questions in the campaign editor: up to five, each in both languages."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

from crispy_forms.layout import Div
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.domain.languages import LANGUAGES
from common.text import lines_of
from surveys.domain.answers.questions import (
    LABEL_LIMIT,
    QUESTIONS_LIMIT,
    Fault,
    Kind,
    choices_kept,
    faults_of,
)
from surveys.forms.steps.layout import helper
from surveys.labels import question_fault

KIND_LABELS = [
    ("", _("No question")),
    (Kind.CSAT.value, _("Satisfaction, 1 to 5")),
    (Kind.ONE.value, _("One choice")),
    (Kind.SEVERAL.value, _("Several choices")),
    (Kind.TEXT.value, _("Short text")),
]
FIELD_OF = {
    Fault.LABEL: "label_ja",
    Fault.CHOICES: "choices_en",
    Fault.CHOICE_LABEL: "choices_en",
    Fault.TOO_LONG: "choices_en",
}
WITH_CHOICES = {Kind.ONE.value, Kind.SEVERAL.value}


class QuestionForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=KIND_LABELS, required=False)
    label_ja = forms.CharField(
        label=_("Question in Japanese"), required=False, max_length=LABEL_LIMIT
    )
    label_en = forms.CharField(
        label=_("Question in English"), required=False, max_length=LABEL_LIMIT
    )
    choices_ja = forms.CharField(
        label=_("Choices in Japanese"), required=False, widget=forms.Textarea({"rows": 3})
    )
    choices_en = forms.CharField(
        label=_("Choices in English"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_(
            "One per line, in the same order in both languages. Earlier answers follow a choice "
            "that is moved, or reworded on its line."
        ),
    )

    def __init__(self, *args: Any, stored: dict[str, Any], number: int, **kwargs: Any) -> None:
        prefix = f"question-{number}"
        super().__init__(*args, **{**kwargs, "prefix": prefix, "initial": _initial(stored)})
        self.stored = stored
        self.number = number
        self.helper = helper(
            "kind",
            Div("label_ja", "label_en", css_class="form-columns"),
            Div("choices_ja", "choices_en", css_class="form-columns"),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("kind"):
            # Emptying the kind takes a stored question away; a new one without kind is a slip.
            if not self.stored and any(cleaned.get(f"label_{each}") for each in LANGUAGES):
                self.add_error("kind", _("Choose how this question is answered."))
            return cleaned
        if not self.errors:
            for fault in faults_of(self.question(set()) or {}):
                self.add_error(FIELD_OF.get(fault), question_fault(fault))
        if cleaned["kind"] in WITH_CHOICES and not self.errors:
            self._compare_languages(cleaned)
        return cleaned

    def _compare_languages(self, cleaned: dict[str, Any]) -> None:
        counts = [len(lines_of(cleaned[f"choices_{language}"])) for language in LANGUAGES]
        if min(counts) and len(set(counts)) > 1:
            self.add_error("choices_en", _("Enter as many choices as in the other language."))

    def question(self, taken: set[str]) -> dict[str, Any] | None:
        """The question as it is stored; it keeps its key, so that earlier answers stay its own."""
        kind = self.cleaned_data.get("kind")
        if not kind:
            return None
        unused = (f"q{number}" for number in range(1, 100) if f"q{number}" not in taken)
        key = self.stored.get("key") or next(unused)
        taken.add(key)
        found = {"key": key, "kind": kind, "label": self._texts("label")}
        if kind in WITH_CHOICES:
            found["choices"] = self._choices()
        return found

    def _choices(self) -> list[dict[str, Any]]:
        lines = (lines_of(self.cleaned_data[f"choices_{language}"]) for language in LANGUAGES)
        labels = [
            dict(zip(LANGUAGES, texts, strict=True)) for texts in zip_longest(*lines, fillvalue="")
        ]
        return choices_kept(labels, stored=self.stored.get("choices", []))

    def _texts(self, name: str) -> dict[str, str]:
        return {language: self.cleaned_data[f"{name}_{language}"] for language in LANGUAGES}


def question_forms(data: Any, *, stored: list[dict[str, Any]]) -> list[QuestionForm]:
    rows = [*stored, *({} for _ in range(QUESTIONS_LIMIT))][:QUESTIONS_LIMIT]
    return [QuestionForm(data, stored=row, number=n) for n, row in enumerate(rows, start=1)]


def questions_of(forms_: list[QuestionForm]) -> list[dict[str, Any]]:
    taken = {form.stored["key"] for form in forms_ if form.stored}
    found = (form.question(taken) for form in forms_)
    return [question for question in found if question]


def _initial(stored: dict[str, Any]) -> dict[str, str]:
    labels, choices = stored.get("label", {}), stored.get("choices", [])
    initial = {"kind": stored.get("kind", "")}
    for language in LANGUAGES:
        initial[f"label_{language}"] = labels.get(language, "")
        lines = (choice["label"].get(language, "") for choice in choices)
        initial[f"choices_{language}"] = "\n".join(lines).strip()
    return initial
