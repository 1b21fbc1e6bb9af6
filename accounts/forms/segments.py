"""The form in which admins define a segment: what it reads, and the bands over numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.domain.segments import (
    MAX_NAME_LENGTH,
    MRR,
    TENURE,
    TENURE_NAME,
    Bands,
    SegmentError,
    bands_at,
    dimension_name,
    number_in,
)
from accounts.forms.access.staff import CrispyForm
from accounts.labels import reason_text
from accounts.models import Dimension
from accounts.services.dimensions import Use, left_without_anybody
from common.text import lines_of

ATTRIBUTE, RATIO, OF_MRR, OF_TENURE = "attribute", "ratio", "mrr", "tenure"
# What is read of the customer itself, and stands in no column.
READS = {OF_MRR: MRR, OF_TENURE: TENURE}
NAMES = {MRR: "mrr", TENURE: TENURE_NAME}
NEW = {"reads": ATTRIBUTE, "source": Dimension.Source.CUSTOMER}
_SUGGESTED = {"list": "attributes", "autocomplete": "off"}


class SegmentForm(CrispyForm):
    """Bands are written one threshold and one label a line."""

    label = forms.CharField(
        label=_("Label"), max_length=100, help_text=_("The name that pages and reports show.")
    )
    reads = forms.ChoiceField(
        label=_("Based on"),
        required=False,
        choices=[
            (ATTRIBUTE, _("an attribute: its values as they are, or its numbers in bands")),
            (RATIO, _("one attribute divided by another, in bands: usage per seat")),
            (OF_MRR, _("the customer’s MRR, in bands: contract size")),
            (OF_TENURE, _("the whole months since the customer started, in bands: tenure")),
        ],
        widget=forms.RadioSelect,
        help_text=_(
            "The MRR at the last month-end known on that day. A customer without revenue in that "
            "month counts as 0; a first threshold of 1 keeps those apart."
        ),
    )
    source = forms.ChoiceField(
        label=_("Belongs to"),
        required=False,
        choices=Dimension.Source.choices,
        widget=forms.RadioSelect,
    )
    attribute = forms.CharField(
        label=_("Attribute"),
        required=False,
        max_length=MAX_NAME_LENGTH,
        help_text=_("The column of the imported file whose values make up the segment."),
        widget=forms.TextInput(_SUGGESTED),
    )
    divisor = forms.CharField(
        label=_("Divided by"),
        required=False,
        max_length=MAX_NAME_LENGTH,
        help_text=_(
            "The column with the number to divide by, such as seats. Where it is 0, empty or not "
            "a number, the value is unknown."
        ),
        widget=forms.TextInput(_SUGGESTED),
    )
    thresholds = forms.CharField(
        label=_("Thresholds"),
        required=False,
        help_text=_(
            "For numbers, one per line in ascending order: 10 and 100 make three bands, below 10, "
            "10 to below 100, and 100 or more. Leave empty to use the values as they are."
        ),
        widget=forms.Textarea({"rows": 4}),
    )
    labels = forms.CharField(
        label=_("Labels of the bands"),
        required=False,
        help_text=_(
            "One per line, one more than there are thresholds. Leave empty and Koe writes the "
            "limits."
        ),
        widget=forms.Textarea({"rows": 5}),
    )

    def __init__(
        self,
        *args: Any,
        today: dt.date,
        dimension: Dimension | None = None,
        uses: Sequence[Use] = (),
        **kwargs: Any,
    ) -> None:
        self.today = today
        self.dimension = dimension or Dimension()
        self.uses = uses
        kwargs["initial"] = _initial(dimension) if dimension else NEW
        super().__init__(*args, **kwargs)
        for code, name in settings.LANGUAGES:
            self.fields[_in(code)] = forms.CharField(
                label=gettext("Label in %(language)s") % {"language": name},
                required=False,
                max_length=100,
            )
        self.order_fields(["label", *(_in(code) for code, _ in settings.LANGUAGES)])

    @property
    def made_of(self) -> str:
        return self.cleaned_data.get("reads") or ATTRIBUTE

    def clean_thresholds(self) -> list[Decimal]:
        numbers = []
        for line in lines_of(self.cleaned_data["thresholds"]):
            number = number_in(line)
            if number is None:
                text = gettext("“%(value)s” is not a number. Enter digits, such as 1000 or 0.5.")
                raise forms.ValidationError(text % {"value": line})
            numbers.append(number)
        for before, after in pairwise(numbers):
            if after <= before:
                text = gettext(
                    "%(after)s must not follow %(before)s: enter the thresholds in ascending "
                    "order, each only once."
                )
                params = {"before": f"{before:,f}", "after": f"{after:,f}"}
                raise forms.ValidationError(text % params)
        return numbers

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._read_what()
        if not self.errors:
            self.dimension.bands = self._bands(data["thresholds"], lines_of(data["labels"]))
            self.dimension.label = data["label"]
            named = {code: data.get(_in(code), "") for code, _ in settings.LANGUAGES}
            self.dimension.labels = {code: label for code, label in named.items() if label}
            if not self.dimension.pk:
                self._name_it()
        if not self.errors:
            self._ask_about_campaigns()
        return data

    def _read_what(self) -> None:
        dimension, made_of = self.dimension, self.made_of
        dimension.source, dimension.attribute, dimension.divisor = (
            Dimension.Source.CUSTOMER,
            READS.get(made_of, ""),
            "",
        )
        if made_of in READS:
            return
        dimension.source = self.cleaned_data.get("source") or ""
        if not dimension.source and "source" not in self.errors:
            self.add_error("source", gettext("Choose whose attribute it is."))
        dimension.attribute = self._column("attribute")
        if made_of == RATIO:
            dimension.divisor = self._column("divisor")
            if dimension.divisor and dimension.divisor == dimension.attribute:
                self.add_error("divisor", gettext("Divided by itself, an attribute is always 1."))

    def _column(self, field: str) -> str:
        """The name that an import gives the column."""
        if field in self.errors:
            return ""
        given = self.cleaned_data.get(field) or ""
        if not given:
            self.add_error(field, gettext("Enter the name of the column."))
            return ""
        try:
            return dimension_name(given)
        except SegmentError as error:
            self.add_error(field, reason_text(error.reason))
            return ""

    def _bands(self, thresholds: list[Decimal], labels: list[str]) -> dict[str, list[str]]:
        if not thresholds:
            if labels:
                self.add_error("thresholds", gettext("Labels need thresholds: enter at least one."))
            elif self.made_of != ATTRIBUTE:
                text = gettext(
                    "Nearly every customer has a different number here, so bands are needed: "
                    "enter at least one threshold."
                )
                self.add_error("thresholds", text)
            return {}
        try:
            bands = Bands(tuple(thresholds), tuple(labels)) if labels else bands_at(thresholds)
        except SegmentError as error:
            self.add_error("labels" if labels else "thresholds", reason_text(error.reason))
            return {}
        return {"thresholds": [f"{each:f}" for each in thresholds], "labels": [*bands.labels]}

    def _name_it(self) -> None:
        """Named like what it reads; a second segment over that is named by its label."""
        attribute = self.dimension.attribute
        names = [NAMES.get(attribute, attribute)]
        if self.dimension.divisor:
            names = []
        try:
            names.append(dimension_name(self.dimension.label))
        except SegmentError:
            names.append(f"{(names or [self.dimension.attribute])[0][: MAX_NAME_LENGTH - 2]}_2")
        taken = set(Dimension.objects.filter(name__in=names).values_list("name", flat=True))
        free = next((name for name in names if name not in taken), None)
        if free is None:
            self.add_error("label", gettext("A segment with this name already exists."))
        else:
            self.dimension.name = free

    def _ask_about_campaigns(self) -> None:
        """Whoever takes values away that a campaign asks for says so a second time."""
        lost = left_without_anybody(self.dimension, uses=self.uses, day=self.today)
        if not lost:
            return
        self.fields["anyway"] = forms.BooleanField(
            label=_("Save anyway; I will change the audience of these campaigns"),
            required=False,
        )
        if not self.fields["anyway"].widget.value_from_datadict(self.data, self.files, "anyway"):
            text = gettext(
                "These campaigns target values that the segment would no longer have, and would "
                "ask nobody for them: %(campaigns)s."
            )
            listed = "; ".join(f"{each.name} ({', '.join(each.values)})" for each in lost)
            self.add_error("anyway", text % {"campaigns": listed})


def _in(language: str) -> str:
    """The field of the label in a language."""
    return f"label_{language}"


def _initial(dimension: Dimension) -> dict[str, str]:
    made_of = {attribute: name for name, attribute in READS.items()}
    reads = made_of.get(dimension.attribute) or (RATIO if dimension.divisor else ATTRIBUTE)
    return {
        "label": dimension.label or dimension.name,
        **{_in(code): label for code, label in dimension.labels.items()},
        "reads": reads,
        "source": dimension.source,
        "attribute": "" if dimension.attribute in NAMES else dimension.attribute,
        "divisor": dimension.divisor,
        "thresholds": "\n".join(dimension.bands.get("thresholds", [])),
        "labels": "\n".join(dimension.bands.get("labels", [])),
    }
