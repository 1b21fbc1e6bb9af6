"""What carries e-mails. Which one is a setting: TRANSPORT."""

from __future__ import annotations

import os
import threading

from django.conf import settings
from django.utils.module_loading import import_string

from surveys.sending.transports.base import Transport

_kept = threading.local()


def current_transport() -> Transport:
    """This thread's transport, kept from batch to batch; never one of a forked parent."""
    mine = (os.getpid(), settings.TRANSPORT)
    if getattr(_kept, "key", None) != mine:
        _kept.transport = new_transport()
        _kept.key = mine
    transport: Transport = _kept.transport
    return transport


def new_transport() -> Transport:
    transport: Transport = import_string(settings.TRANSPORT)()
    return transport
