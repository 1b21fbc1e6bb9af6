"""A campaign as a program writes it, through the forms of the editor: one set of rules for both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.queries.values import labels_of_segments
from api.domain.problems import Code, FieldError, Problem
from api.domain.values import storable
from api.web.rest.refusals import not_there
from surveys.domain.campaigns.templates import FIELDS
from surveys.forms.steps.audience import RANGE_PREFIX
from surveys.forms.steps.editor import CampaignEditor
from surveys.forms.steps.repeat import AFTER, BEFORE
from surveys.models import Campaign
from surveys.queries.campaigns.listing import facts_known

# What a program may write; the short name is given once.
WRITTEN = ("name", "starts_at", "ends_at", *FIELDS)
# Not read by the forms, whose boxes are those of a page.
_AS_GIVEN = ("audience", "questions")


def checked(given: Mapping[str, Any], *, campaign: Campaign | None = None) -> dict[str, Any]:
    """The fields for the service: what is given over what is there, as the editor would save it."""
    told = {name: value for name, value in given.items() if name in WRITTEN}
    _refuse_unknown(told)
    if "questions" in told:
        told["questions"] = _storable(told["questions"])
    before = campaign or Campaign()
    known = {name: getattr(before, name) for name in WRITTEN}
    fields = known | told
    # Its own object: an edit that is refused leaves the other one as it is. Spans are offered of
    # what is chosen by.
    chosen = {name: fields[name] for name in ("audience", "ranges")}
    asking = Campaign(**known | chosen, pk=before.pk, slug=before.slug)
    editor = CampaignEditor(_data(fields), campaign=asking, choices={})
    if not editor.is_valid():
        raise not_fit(_errors(editor))
    return editor.fields() | {name: fields[name] for name in _AS_GIVEN}


def not_fit(found: Mapping[str, list[str]]) -> Problem:
    errors = [
        FieldError(name, text, _("see its description"))
        for name, texts in found.items()
        for text in texts
    ]
    return Problem(Code.REFUSED, f"{errors[0].field}: {errors[0].detail}", errors)


def texts_of(fault: ValidationError) -> dict[str, list[str]]:
    return {name: [str(each) for each in texts] for name, texts in fault.message_dict.items()}


def _storable(value: Any) -> Any:
    """No database takes every sign, wherever it stands."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [_storable(each) for each in value]
    if isinstance(value, dict):
        return {storable(name): _storable(each) for name, each in value.items()}
    return value


def _refuse_unknown(told: Mapping[str, Any]) -> None:
    known = labels_of_segments()
    for field, names in (("audience", known), ("ranges", {**known, **facts_known()})):
        for name in told.get(field) or {}:
            if name not in names:
                fix = _("name one of %(names)s") % {"names": ", ".join(names) or "–"}
                raise not_there(field, _("no segment is called %(name)s") % {"name": name}, fix)


def _data(fields: Mapping[str, Any]) -> dict[str, Any]:
    """As the page would send it."""
    plain = {name: value for name, value in fields.items() if name not in ("wording", "ranges")}
    data = {name: "" if value is None else value for name, value in plain.items()}
    data["date_side"] = BEFORE if fields["date_days"] < 0 else AFTER
    data["date_days"] = abs(fields["date_days"])
    for name, ends in fields["ranges"].items():
        data |= {f"{RANGE_PREFIX}{name}-{end}": text for end, text in ends.items()}
    for language, texts in fields["wording"].items():
        data |= {f"{language}-{name}": text for name, text in texts.items()}
    return data


def _errors(editor: CampaignEditor) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, errors in editor.campaign.errors.items():
        field = name.removeprefix(RANGE_PREFIX)
        if field != name:
            dimension, _sign, end = field.rpartition("-")
            name = f"ranges.{dimension}.{end}"
        found[name] = [str(each) for each in errors]
    for form in editor.wordings:
        for name, errors in form.errors.items():
            found[f"wording.{form.language}.{name}"] = [str(each) for each in errors]
    return found
