"""Sending: everything outside this package asks for it here, and nowhere deeper.

A mail's way: `dispatch` tells a worker, `batch` goes through its mails, `claim` takes one for good,
a transport hands it over, `not_accepted` writes down what became of it else; `sweep` finds what was
left.
"""

from __future__ import annotations

from surveys.sending.batch import send_batch
from surveys.sending.breakers.try_now import try_now
from surveys.sending.dispatch import dispatch_due
from surveys.sending.events.bounces import LARGEST_BOUNCE, receive_bounce
from surveys.sending.events.provider_events import apply_events, record_event, settled_late
from surveys.sending.events.webhooks import VIEWS as PROVIDERS
from surveys.sending.events.webhooks import (
    Forged,
    Unreadable,
    open_webhook,
    read_events,
    read_file,
)
from surveys.sending.messages.emails import (
    first_message_id,
    preview_head,
    preview_html,
    preview_subject,
    preview_text,
    wording_of,
)
from surveys.sending.messages.letter import Letter, send_letter
from surveys.sending.messages.trial import send_trial
from surveys.sending.sweeps import sweep, to_remind

__all__ = [
    "LARGEST_BOUNCE",
    "PROVIDERS",
    "Forged",
    "Letter",
    "Unreadable",
    "apply_events",
    "dispatch_due",
    "first_message_id",
    "open_webhook",
    "preview_head",
    "preview_html",
    "preview_subject",
    "preview_text",
    "read_events",
    "read_file",
    "receive_bounce",
    "record_event",
    "send_batch",
    "send_letter",
    "send_trial",
    "settled_late",
    "sweep",
    "to_remind",
    "try_now",
    "wording_of",
]
