from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from surveys.domain.mail.delivery import AttemptOutcome
from surveys.models import Campaign
from surveys.queries.senders import sender_of
from surveys.sending.messages import emails
from surveys.sending.transports import new_transport


def send_trial(campaign: Campaign, *, language: str, to: str, now: dt.datetime) -> str:
    """Mail a marked test to a staff user; it counts nowhere. Returns what went wrong, else ""."""
    transport = new_transport()
    sender = sender_of(campaign)
    message = emails.test_message(campaign, language, to, now=now)
    try:
        result = transport.send(message, sender=sender, recipient=to)
    finally:
        transport.close()
    if result.verdict.outcome is AttemptOutcome.SENT:
        return ""
    return _("The mail server did not accept the test e-mail: %(reply)s") % {"reply": result.text}
