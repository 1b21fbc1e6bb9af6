from __future__ import annotations

import datetime as dt
from typing import Any

from celery.signals import worker_ready
from django.conf import settings
from django.dispatch import receiver
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, override

from accounts.services.dimensions import Use, asks_by
from common.databases.backup import restored
from surveys.queries.campaigns.listing import unfinished_asking_by
from surveys.services.campaigns.states import pause_all
from surveys.worker import watch_clock


@receiver(asks_by, dispatch_uid="surveys.campaigns_asking_by")
def campaigns_asking_by(sender: type, name: str, **_: Any) -> list[Use]:
    return [Use(each.name, tuple(each.audience[name])) for each in unfinished_asking_by(name)]


@worker_ready.connect(dispatch_uid="surveys.watch_clock")
def watch_the_clock(sender: Any, **_: Any) -> None:
    watch_clock(sender)


@receiver(restored, dispatch_uid="surveys.pause_what_may_leave_again")
def pause_what_may_leave_again(
    sender: type, made_at: dt.datetime, now: dt.datetime, **_: Any
) -> None:
    """What left between the backup and now is known to nobody here: a person decides."""
    with override(settings.LANGUAGE_CODE):
        said = gettext(
            "Koe was restored from a backup of %(at)s. E-mails that left since then may leave "
            "again: see which did before you resume."
        ) % {"at": date_format(timezone.localtime(made_at), "DATETIME_FORMAT")}
    pause_all(now=now, reason=said)
