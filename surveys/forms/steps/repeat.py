"""Whether a campaign goes on: the fields of the editor, and the rule in words."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Div
from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from surveys.domain.campaigns.occasions import Repeat
from surveys.labels import DATE_LABELS
from surveys.models import Campaign
from surveys.queries.campaigns.dates import dates_known

AFTER, BEFORE = "after", "before"
BEFORE_OR_AFTER = [(BEFORE, _("before the date")), (AFTER, _("after the date"))]
# The fields of Campaign that are edited here; the sign of the days is a choice of its own.
FIELDS = ("repeat", "every_months", "date_name", "date_days", "latest_days", "reserves_slot")


def date_label(name: str) -> Any:
    return DATE_LABELS.get(name) or name.partition(":")[2] or name


def date_choices(chosen: str) -> list[tuple[str, Any]]:
    found = {**DATE_LABELS, **dates_known()}
    if chosen:
        found[chosen] = date_label(chosen)
    return [("", _("Choose a date")), *found.items()]


def fields_of(campaign: Campaign) -> dict[str, forms.Field]:
    """Those that the form of a campaign has besides its model's own."""
    before = campaign.date_days < 0
    return {
        "date_name": forms.ChoiceField(
            label=_("Date"), choices=date_choices(campaign.date_name), required=False
        ),
        "date_side": forms.ChoiceField(
            label=_("Before or after"), choices=BEFORE_OR_AFTER, required=False,
            initial=BEFORE if before else AFTER,
        ),
    }  # fmt: skip


def layout() -> list[Any]:
    return [
        "repeat",
        Div("every_months", css_class="of-every"),
        Div("date_name", Div("date_days", "date_side", css_class="form-columns pair"),
            css_class="of-date"),
        Div("latest_days", "reserves_slot", css_class="of-repeat"),
    ]  # fmt: skip


def signed(days: int, side: str) -> int:
    return -abs(days) if side == BEFORE else abs(days)


def rule_of(campaign: Campaign) -> str:
    if campaign.repeat == Repeat.EVERY:
        months = campaign.every_months or 0
        text = ngettext(
            "Everybody every %(months)s month, spread over the working days",
            "Everybody every %(months)s months, spread over the working days",
            months,
        )
        return f"{text % {'months': months}}; {_late(campaign)}"
    if campaign.repeat == Repeat.DATE:
        days = campaign.date_days
        before = gettext("%(days)s days before: %(date)s")
        text = before if days < 0 else gettext("%(days)s days after: %(date)s")
        named = {"days": abs(days), "date": date_label(campaign.date_name)}
        return f"{text % named}; {_late(campaign)}"
    return gettext("Everybody once")


def _late(campaign: Campaign) -> str:
    if not campaign.latest_days:
        return gettext("missed days are skipped")
    text = ngettext("at most %(days)s day late", "at most %(days)s days late", campaign.latest_days)
    return text % {"days": campaign.latest_days}
