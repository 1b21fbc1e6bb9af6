from __future__ import annotations

from django import forms


class LineForm(forms.Form):
    """Which line of the work list, after how bad it was when it was seen: what its button says."""

    line = forms.CharField(max_length=130)

    def clean_line(self) -> tuple[int, str]:
        level, _, key = self.cleaned_data["line"].partition(" ")
        number = forms.IntegerField(min_value=0, max_value=2**62).clean(level)
        return number, forms.CharField(max_length=100).clean(key)
