"""Playbooks to begin with: what a team does again and again, to be changed to its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.models import Measure, StaffUser
from accounts.queries.metrics import metric_settings
from actions.domain.playbooks.starting import USUAL_LEVELS, StartedBy
from actions.domain.playbooks.steps import StepKind
from actions.domain.playbooks.touch import Size
from actions.models import Playbook, PlaybookStep, TouchTable
from actions.services.playbooks.editing import save_playbook

Text = str | Promise


@dataclass(frozen=True, slots=True)
class PresetStep:
    after_days: int
    title: Text
    text: Text
    # Subject and text: then it is a draft.
    mail: tuple[Text, Text] | None = None
    kind: StepKind = StepKind.TASK


@dataclass(frozen=True, slots=True)
class Preset:
    name: Text
    aim: Text
    by: StartedBy
    steps: tuple[PresetStep, ...]
    # Of large customers alone, where there is a touch table that knows sizes.
    only_large: bool = False


SESSION_MAIL = _(
    "Dear {name},\n\nI would like to help {customer} to get going. In 30 minutes we can do "
    "the next step together. Which day would suit you?\n\n{owner}"
)
RENEWAL_MAIL = _(
    "Dear {name},\n\nbefore the contract of {customer} renews I would like to hear what "
    "worked, what did not, and what you plan. May I ask for 45 minutes in the next two "
    "weeks?\n\n{owner}"
)
THANKS_MAIL = _(
    "Dear {name},\n\nthank you for telling us plainly. I have passed it on and will write to "
    "you within a week what we do about it.\n\n{owner}"
)
USAGE_MAIL = _(
    "Dear {name},\n\nI noticed that {customer} has used the product less lately. Has "
    "something changed, or is something in the way? I am glad to help.\n\n{owner}"
)

PRESETS: Mapping[str, Preset] = {
    "onboarding": Preset(
        _("Onboarding is late"),
        _("The customer completes onboarding within 30 days."),
        StartedBy.ONBOARDING,
        (
            PresetStep(
                0,
                _("Find out what is missing"),
                _("Read usage, open tickets and the last contact. What was agreed at the start?"),
            ),
            PresetStep(
                1,
                _("Offer a session"),
                _("To whoever introduces the product at the customer."),
                (
                    _("Getting started: shall we do the next step together?"),
                    SESSION_MAIL,
                ),
            ),
            PresetStep(
                5,
                _("Hold the session and agree on the first goal"),
                _("Write down the contact on the customer’s page."),
            ),
            PresetStep(15, _("Check that the first goal is reached"), ""),
        ),
    ),
    "renewal": Preset(
        _("Renewal in 90 days, health not good"),
        _("The contract is renewed."),
        StartedBy.RENEWAL,
        (
            PresetStep(
                0,
                _("Read the account"),
                _("What pulls health down? Who decides on the renewal, and have they answered?"),
            ),
            PresetStep(
                2,
                _("Ask for a meeting"),
                _("To whoever decides on the renewal."),
                (
                    _("Your goals for the coming year"),
                    RENEWAL_MAIL,
                ),
            ),
            PresetStep(
                15,
                _("Meet, and agree on what must change"),
                _("Two or three points with a date and a name each."),
            ),
            PresetStep(40, _("Show what was done, and send the offer"), ""),
        ),
    ),
    "detractor": Preset(
        _("Detractor at a key account"),
        _("The customer says that the problem is solved."),
        StartedBy.SCORE,
        (
            PresetStep(
                0,
                _("Call"),
                _("Listen first. The answer, the account and its history are on the run’s page."),
            ),
            PresetStep(
                1,
                _("Thank them and say what happens next"),
                _("Only what was agreed inside: no promises."),
                (
                    _("Thank you for your answer"),
                    THANKS_MAIL,
                ),
            ),
            PresetStep(5, _("Tell them what was changed"), ""),
            PresetStep(
                60,
                _("See that they are asked again"),
                _("Has the next survey reached them? Koe asks nobody more often than allowed."),
                kind=StepKind.SURVEY,
            ),
        ),
        only_large=True,
    ),
    "usage": Preset(
        _("Usage became quiet"),
        _("Usage is back at what it was."),
        StartedBy.USAGE,
        (
            PresetStep(
                0,
                _("Find out since when, and who stopped"),
                _("Holidays, a change of people, a fault? The timeline shows what else happened."),
            ),
            PresetStep(
                2,
                _("Ask how it goes"),
                _("To the administrator at the customer."),
                (
                    _("Can we help?"),
                    USAGE_MAIL,
                ),
            ),
            PresetStep(10, _("Offer training for new people"), ""),
        ),
    ),
}


@transaction.atomic
def make_from(preset: Preset, *, by: StaffUser, now: dt.datetime) -> Playbook:
    """Switched off: it is read, changed and tried first."""
    playbook = Playbook(
        name=str(preset.name),
        aim=str(preset.aim),
        started_by=preset.by,
        level=USUAL_LEVELS.get(preset.by, 0),
        measure=usual_measure() if preset.by is StartedBy.USAGE else "",
        sizes=[Size.LARGE] if preset.only_large and _knows_sizes() else [],
        owner=by,
    )
    save_playbook(playbook, by=by, now=now)
    PlaybookStep.objects.bulk_create(
        PlaybookStep(
            playbook=playbook, position=position,
            kind=StepKind.MAIL if each.mail else each.kind, title=str(each.title),
            text=str(each.text), mails=_mails(each), after_days=each.after_days,
        )
        for position, each in enumerate(preset.steps)
    )  # fmt: skip
    return playbook


def usual_measure() -> str:
    """That of engagement, where one is chosen; else the first."""
    chosen = metric_settings().engagement_measure
    first = Measure.objects.order_by("key").values_list("key", flat=True).first()
    return chosen.key if chosen else first or ""


def _knows_sizes() -> bool:
    return TouchTable.objects.filter(dimension__isnull=True).exists()


def _mails(step: PresetStep) -> dict[str, dict[str, str]]:
    """In every language: it goes out in that of whoever gets it."""
    if step.mail is None:
        return {}
    found = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found[language] = {"subject": str(step.mail[0]), "text": str(step.mail[1])}
    return found
