"""Translated names of what `domain` defines."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from api.domain.events import Event

EVENT_NAMES: dict[str, str | Promise] = {
    Event.ANSWERED: pgettext_lazy("webhook", "New answer"),
    Event.ANSWER_CHANGED: pgettext_lazy("webhook", "Answer changed"),
    Event.ANSWER_SET_ASIDE: pgettext_lazy("webhook", "Answer set aside"),
    Event.FOLLOW_UP_OPENED: pgettext_lazy("webhook", "Follow-up opened"),
    Event.FOLLOW_UP_CLOSED: pgettext_lazy("webhook", "Follow-up closed"),
    Event.BAND_CHANGED: pgettext_lazy("webhook", "Health band changed"),
    Event.LAUNCHED: pgettext_lazy("webhook", "Campaign launched"),
    Event.PAUSED: pgettext_lazy("webhook", "Campaign paused"),
    Event.RESUMED: pgettext_lazy("webhook", "Campaign resumed"),
    Event.ENDED: pgettext_lazy("webhook", "Campaign ended"),
    Event.OPTED_OUT: pgettext_lazy("webhook", "Opted out"),
    Event.BOUNCED: pgettext_lazy("webhook", "Address bounced"),
}
