"""The form of the touch table: what makes the size, and the touch of each cell."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.labels import value_label
from accounts.models import Dimension
from actions.domain.playbooks.touch import RANKS, Basis, cell_of, usual_touch
from actions.labels import BASIS_LABELS, RANK_LABELS, SIZE_LABELS
from actions.models import TouchTable
from actions.queries.playbooks.touch import sizes_in
from analytics.domain.health.formulas.formula import Touch
from analytics.labels import TOUCH_LABELS

_SELECT = {"class": "form-select form-select-sm"}


def _amount(label: Any) -> forms.DecimalField:
    widget = forms.NumberInput({"class": "form-control", "step": "any", "inputmode": "decimal"})
    return forms.DecimalField(
        label=label, max_digits=14, decimal_places=2, min_value=0, required=False, widget=widget
    )


def _written(amount: Decimal) -> str:
    """Without the decimals that say nothing."""
    return f"{amount:f}".removesuffix(".00")


class BasisForm(forms.Form):
    """What the size is read from: by it the rows of the table are known."""

    basis = forms.ChoiceField(label=gettext_lazy("Size by"), widget=forms.Select(_SELECT))

    def __init__(self, data: Any = None, *, chosen: str) -> None:
        super().__init__(data, initial={"basis": chosen})
        field: Any = self.fields["basis"]
        field.choices = [
            (Basis.MRR, BASIS_LABELS[Basis.MRR]),
            (Basis.SEATS, BASIS_LABELS[Basis.SEATS]),
            *((f"{Basis.SEGMENT}:{each.pk}", str(each)) for each in segments()),
        ]


def segments() -> list[Dimension]:
    return list(Dimension.objects.in_order().filter(source=Dimension.Source.CUSTOMER))


class TouchForm(forms.Form):
    """The cells of a table whose basis is known."""

    medium_from = _amount(gettext_lazy("Medium from"))
    large_from = _amount(gettext_lazy("Large from"))

    def __init__(self, data: Any = None, *, table: TouchTable, today: dt.date) -> None:
        self.table = table
        self.sizes = sizes_in(table, today=today)
        names = ("medium_from", "large_from")
        super().__init__(data, initial={name: _written(getattr(table, name)) for name in names})
        if table.dimension is not None:
            for name in names:
                del self.fields[name]
        for place, rank, key in self._places():
            usual = usual_touch(self.sizes[place], rank)
            self.fields[f"cell-{place}-{rank}"] = forms.ChoiceField(
                label=f"{self._label(place)} · {RANK_LABELS[rank]}",
                choices=[(each.value, TOUCH_LABELS[each]) for each in Touch],
                initial=table.cells.get(key, usual),
                widget=forms.Select(_SELECT),
            )

    def _places(self) -> list[tuple[int, str, str]]:
        return [
            (place, rank, cell_of(size, rank))
            for place, size in enumerate(self.sizes)
            for rank in RANKS
        ]

    def _label(self, place: int) -> str:
        size, of = self.sizes[place], self.table.dimension
        return value_label(of.name, size) if of else str(SIZE_LABELS[size])

    def rows(self) -> list[tuple[str, list[BoundField]]]:
        """As the page draws them."""
        return [
            (self._label(place), [self[f"cell-{place}-{rank}"] for rank in RANKS])
            for place in range(len(self.sizes))
        ]

    def limits(self) -> list[BoundField]:
        return [self[name] for name in ("medium_from", "large_from") if name in self.fields]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        medium, large = data.get("medium_from"), data.get("large_from")
        if "medium_from" in self.fields:
            if medium is None or large is None:
                raise forms.ValidationError(_("Enter both amounts."))
            if medium >= large:
                self.add_error("large_from", _("Enter more than for medium."))
        if not self.sizes:
            raise forms.ValidationError(_("No customer has a value in this segment."))
        return data

    def filled(self) -> TouchTable:
        data, table = self.cleaned_data, self.table
        table.medium_from = data.get("medium_from", 0)
        table.large_from = data.get("large_from", 0)
        table.cells = {key: data[f"cell-{place}-{rank}"] for place, rank, key in self._places()}
        return table
