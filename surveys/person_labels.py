"""Words for what happened between us and a person."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from surveys.queries.timeline import Kind

KIND_LABELS = {
    Kind.PLANNED: _("Planned to be asked"),
    Kind.SENT: _("Survey sent"),
    Kind.REMINDED: _("Reminder sent"),
    Kind.RETRY: _("Not accepted yet, will be retried"),
    Kind.FAILED: _("Sending failed"),
    Kind.UNKNOWN: _("Unknown whether the e-mail was accepted"),
    Kind.SENDING: _("Being sent"),
    Kind.CANCELLED: pgettext_lazy("invitation", "Cancelled"),
    Kind.SKIPPED: _("Skipped"),
    Kind.ACCEPTED: _("Accepted by the e-mail provider"),
    Kind.DELAYED: _("Delivery delayed"),
    Kind.DELIVERED: _("Delivered"),
    Kind.BOUNCED: _("Bounced"),
    Kind.COMPLAINED: _("Reported the e-mail as spam"),
    Kind.INTENT: _("Chose a score, did not confirm it"),
    Kind.ANSWERED: _("Answered"),
    Kind.CHANGED: _("Changed the answer"),
    Kind.STOPPED: _("E-mails stopped"),
    Kind.LIFTED: _("Can be e-mailed again"),
}
