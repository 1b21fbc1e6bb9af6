"""Translated names of what `domain` defines."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from api.domain.events import Event

EVENT_NAMES: dict[str, str | Promise] = {
    Event.ANSWERED: _("New answer"),
    Event.ANSWER_CHANGED: _("Answer changed"),
    Event.ANSWER_SET_ASIDE: _("Answer set aside"),
    Event.FOLLOW_UP_OPENED: _("Follow-up opened"),
    Event.FOLLOW_UP_CLOSED: _("Follow-up closed"),
    Event.BAND_CHANGED: _("Health band changed"),
    Event.LAUNCHED: _("Campaign launched"),
    Event.PAUSED: _("Campaign paused"),
    Event.RESUMED: _("Campaign resumed"),
    Event.ENDED: _("Campaign ended"),
    Event.OPTED_OUT: _("Opted out"),
    Event.BOUNCED: _("Address bounced"),
}
