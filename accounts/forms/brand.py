from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.domain.colours import WHITE, contrast, is_readable
from accounts.forms.access.staff import CrispyForm

KOE = "#1d5fa8"


class BrandForm(CrispyForm):
    """The colour of what customers see, and the logo above it."""

    colour = forms.CharField(
        label=_("Colour"),
        max_length=7,
        required=False,
        widget=forms.TextInput({"type": "color"}),
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$")],
        help_text=_("Of the line above, the scale and the buttons. It has to be read on white."),
    )
    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        widget=forms.FileInput({"accept": "image/png,image/jpeg,image/gif,image/webp"}),
        help_text=_("PNG, JPEG, GIF or WebP, up to 1 MB. It is written anew, 120 pixels high."),
    )

    def __init__(self, data: Any = None, files: Any = None, *, colour: str) -> None:
        super().__init__(data, files, initial={"colour": colour or KOE})

    def clean_colour(self) -> str:
        colour = str(self.cleaned_data["colour"]).lower()
        if colour and not is_readable(colour):
            text = gettext(
                "White on this colour is hard to read (contrast %(found)s, at least 4.5). "
                "Choose a darker one."
            )
            raise forms.ValidationError(text % {"found": f"{contrast(colour, WHITE):.1f}"})
        return "" if colour == KOE else colour
