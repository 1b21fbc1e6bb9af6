"""Who asks: what stands in every e-mail, whose days are counted, in which language."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.domain.organisation import OF_THE_DEMO, SETTINGS
from accounts.forms.access.staff import CrispyForm
from accounts.models import Organisation

# Names of old, and of the machine room.
_NO_PLACES = ("Etc/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/", "SystemV/", "posix/")


def zone_choices(chosen: str) -> list[tuple[str, str]]:
    places = {name for name in available_timezones() if "/" in name}
    found = {name for name in places if not name.startswith(_NO_PLACES)} | {chosen}
    return [("UTC", "UTC"), *((name, name) for name in sorted(found - {"UTC"}))]


class OrganisationForm(CrispyForm, forms.ModelForm):  # type: ignore[type-arg]
    """What the environment says is shown, and not to be changed here."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("Its days decide the period of an answer; its hours are those of e-mails."),
    )

    class Meta:
        model = Organisation
        fields = [*SETTINGS, "approval_above"]
        labels = {
            "name": _("Name of the organisation"),
            "address": _("Postal address"),
            "sender": _("E-mail address that surveys come from"),
            "language": _("Language"),
            "approval_above": _("Two people launch a campaign that asks more than"),
        }
        help_texts = {
            "name": _("Stands in every e-mail and on every page that customers see."),
            "address": _("Laws want it at the end of every e-mail."),
            "sender": _("Of a domain that is yours; below you can check what it needs."),
            "language": _(
                "Of respondents, staff and messages of which no other language is known."
            ),
            "approval_above": _(
                "People. Somebody else who may launch campaigns then has to agree. Empty: one "
                "person launches any campaign."
            ),
        }

    def __init__(self, data: Any = None, *, row: Organisation, fixed: str) -> None:
        """`fixed`: why another zone cannot be chosen any more; empty where it can."""
        super().__init__(data, instance=row)
        self.fixed = fixed
        self.fields["time_zone"].choices = zone_choices(settings.TIME_ZONE)  # type: ignore[attr-defined]
        self.fields["language"].choices = settings.LANGUAGES  # type: ignore[attr-defined]
        for field, setting in SETTINGS.items():
            in_force = getattr(settings, setting)
            is_given = setting in settings.GIVEN_BY_ENVIRONMENT
            is_demo = in_force == OF_THE_DEMO.get(field) and not is_given
            # What was said can be changed, and not taken back; until then nothing real is launched.
            self.fields[field].required = not (is_given or is_demo)
            self.initial[field] = "" if is_demo else in_force
            if is_given:
                self._hold(field, gettext("Set by the environment: %(name)s") % {"name": setting})
        if fixed and not self.fields["time_zone"].disabled:
            self._hold("time_zone", fixed)

    def _hold(self, field: str, why: str) -> None:
        self.fields[field].disabled = True
        self.fields[field].help_text = why

    def _post_clean(self) -> None:
        """What cannot be changed here stays as the row has it."""
        kept = {name: getattr(self.instance, name) for name in SETTINGS}
        super()._post_clean()  # type: ignore[misc]
        for name in SETTINGS:
            if self.fields[name].disabled:
                setattr(self.instance, name, kept[name])

    @property
    def zone_moves(self) -> bool:
        return bool(self.cleaned_data["time_zone"] != settings.TIME_ZONE)
