from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from analytics.views.forms.period import PeriodForm


class EffectForm(PeriodForm):
    by = forms.ChoiceField(label=_("Compared within"), required=False)

    def __init__(self, data: Any, *, today: dt.date, dimensions: Sequence[tuple[str, str]]) -> None:
        super().__init__(data, today=today)
        field: Any = self.fields["by"]
        field.choices = [("", _("Bands of MRR alone")), *dimensions]
