from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from surveys.queries.calendar.clock import WrongClock, agreed_now


def tick_at(text: str | None) -> dt.datetime:
    """The clock of a command's tick: the database's now, or the moment of a simulation."""
    if not text:
        try:
            return agreed_now()
        except WrongClock as error:
            raise CommandError(str(error)) from error
    if settings.SERVED_SECURELY:
        raise CommandError(
            "--at: here real people are asked, and the cap goes by the database's clock."
            " A simulation needs a SITE_URL without https."
        )
    return moment_at(text)


def moment_at(text: str | None) -> dt.datetime:
    """Now, or an ISO moment, in the organisation's zone if it names none."""
    if not text:
        return timezone.now()
    try:
        found = parse_datetime(text.strip())
    except ValueError:
        found = None
    if found is None:
        raise CommandError(f"--at: {text!r} is not a moment; write 2026-11-22T09:00+09:00.")
    aware = found if timezone.is_aware(found) else timezone.make_aware(found)
    return aware.astimezone(dt.UTC)
