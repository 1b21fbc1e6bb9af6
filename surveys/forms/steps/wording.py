"""The texts of a campaign in the editor, one form per language."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import ngettext

from surveys.domain.wording import DEFAULT_WORDING, FIELD_NAMES, allowed_in, validate
from surveys.forms.steps.layout import helper
from surveys.labels import WORDING_HELP, WORDING_LABELS

LONG_TEXTS = {"intro", "question", "sign_off", "reminder_intro"}
# What is changed first; the others wait behind “More texts”.
MAIN_TEXTS = ("subject", "intro", "question")
MORE_TEXTS = tuple(name for name in FIELD_NAMES if name not in MAIN_TEXTS)
# Of several sentences in any language, however short the default is.
THANKS = {"thanks_promoter", "thanks_passive", "thanks_detractor"}


class WordingForm(forms.Form):
    """The texts of one language; shows the text that will be used and keeps what differs."""

    def __init__(self, *args: Any, language: str, written: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "prefix": language})
        self.language = language
        self.default = DEFAULT_WORDING[language]
        for name in FIELD_NAMES:
            self.fields[name] = self._text_field(name, written.get(name, ""))
        self.helper = helper(*MAIN_TEXTS)
        self.more = helper(*MORE_TEXTS)

    def _text_field(self, name: str, written: str) -> forms.CharField:
        default = getattr(self.default, name)
        rows = 4 if name in LONG_TEXTS else 3 if name in THANKS else 2
        of_sentences = name in LONG_TEXTS | THANKS
        single_line = len(default) < 60 and "\n" not in default and not of_sentences
        widget: forms.Widget = forms.TextInput() if single_line else forms.Textarea({"rows": rows})
        widget.attrs["lang"] = self.language
        if name == "thanks_link":
            return forms.URLField(
                label=WORDING_LABELS[name],
                help_text=WORDING_HELP.get(name, ""),
                initial=written,
                required=False,
                assume_scheme="https",
                validators=[URLValidator(schemes=["http", "https"])],
            )
        return forms.CharField(
            label=WORDING_LABELS[name],
            help_text=WORDING_HELP.get(name, ""),
            initial=written or default,
            required=False,
            max_length=2000,
            widget=widget,
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in FIELD_NAMES:
            unknown = validate(cleaned.get(name) or "", allowed=allowed_in(name))
            if unknown:
                self.add_error(name, unknown_placeholder(unknown, known=sorted(allowed_in(name))))
        return cleaned

    @property
    def more_in_error(self) -> bool:
        return any(name in self.errors for name in MORE_TEXTS)

    def written(self) -> dict[str, str]:
        """The texts that differ from the default wording."""
        texts = {name: self.cleaned_data[name].replace("\r\n", "\n") for name in FIELD_NAMES}
        return {
            name: text
            for name, text in texts.items()
            if text.strip() and text != getattr(self.default, name)
        }


def unknown_placeholder(unknown: list[str], *, known: list[str]) -> str:
    return ngettext(
        "There is no placeholder %(unknown)s. You can use %(known)s.",
        "There are no placeholders %(unknown)s. You can use %(known)s.",
        len(unknown),
    ) % {
        "unknown": ", ".join("{" + name + "}" for name in unknown),
        "known": ", ".join("{" + name + "}" for name in known),
    }
