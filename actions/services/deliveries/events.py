"""What may be told of, and who writes the words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.core.mail import EmailMultiAlternatives
from django.utils.module_loading import import_string

from actions.domain.alerts.names import EventName
from actions.domain.deliveries.notes import Note
from actions.models import Delivery
from actions.services.alerts import overdue, owner, told, unsent
from actions.services.deliveries import failed, trial
from actions.services.deliveries.others import OTHERS
from actions.services.digests import weekly
from actions.services.playbooks import messages as playbook_steps


@dataclass(frozen=True, slots=True)
class Event:
    """Each gives None where there is nothing to tell any more: the delivery goes then."""

    mail: Callable[[Delivery, dt.datetime], EmailMultiAlternatives | None] | None = None
    note: Callable[[Delivery, dt.datetime], Note | None] | None = None


EVENTS: dict[str, Event] = {
    EventName.OWNER: Event(mail=owner.mail),
    EventName.ANSWER: Event(mail=told.mail, note=told.note),
    EventName.REPLY: Event(mail=unsent.mail),
    EventName.OVERDUE: Event(mail=overdue.mail),
    EventName.FAILED: Event(mail=failed.mail),
    EventName.CHANNEL_GONE: Event(mail=trial.gone_mail),
    EventName.DIGEST: Event(mail=weekly.mail),
    EventName.PLAYBOOK: Event(note=playbook_steps.note),
    EventName.TEST: Event(mail=trial.mail, note=trial.note),
}


def event_of(name: str) -> Event:
    """Ours, or what an app above has to tell of."""
    return EVENTS[name] if name in EVENTS else Event(note=import_string(OTHERS[name]))
