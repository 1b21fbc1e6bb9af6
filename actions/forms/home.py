from __future__ import annotations

from django import forms


class LineForm(forms.Form):
    """Which line of the work list, and how bad it was when it was seen."""

    key = forms.CharField(max_length=100)
    level = forms.IntegerField(min_value=0, max_value=2**62)
    show = forms.BooleanField(required=False)
