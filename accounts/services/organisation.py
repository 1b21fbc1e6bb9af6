"""What the organisation says of itself, kept in the database and in force in every process.

The settings are what all of Koe, Django and the libraries read, so what was said in the browser
becomes those settings: at once in the process that saves it, within seconds in all others. What
the environment says always wins.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import trans_real

from accounts.domain.access.audit import AuditAction
from accounts.domain.organisation import SETTINGS, in_force, still_of_the_demo
from accounts.models import Organisation, StaffUser
from accounts.services.access.audit import record_event
from common.net.outgoing import is_public

logger = logging.getLogger(__name__)
# Of no row, and of a row before its other fields were said.
BRAND = {"BRAND_COLOUR": "colour", "BRAND_LOGO": "logo"}
FIELDS = (*SETTINGS, *BRAND.values())


class _Read:
    """When this process last looked, by a clock that never goes back."""

    at = float("-inf")


def organisation() -> Organisation:
    """As it was said, else an empty one that is not stored."""
    return Organisation.objects.filter(pk=Organisation.ONLY).first() or Organisation(
        pk=Organisation.ONLY
    )


def follow(*, at_once: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
    """Before a request, a task or a command: whether another process has saved something.

    A database that is away changes nothing, and what is asked of it next says so itself.
    `at_once`: however lately this process looked.
    """
    every, at = settings.ORGANISATION_FOLLOWED_EVERY, clock()
    if every is None or (at - _Read.at < every and not at_once):
        return
    _Read.at = at
    try:
        row = Organisation.objects.filter(pk=Organisation.ONLY).values(*FIELDS).first()
    except DatabaseError as error:
        logger.warning("What the organisation is called was not read: %s", type(error).__name__)
        return
    put_in_force(row or {})


def put_in_force(kept: Mapping[str, str]) -> None:
    wanted = in_force(
        kept, given=settings.GIVEN_BY_ENVIRONMENT, without=settings.WITHOUT_ORGANISATION
    )
    wanted |= {setting: kept.get(field, "") for setting, field in BRAND.items()}
    wanted["SERVER_EMAIL"] = wanted["DEFAULT_FROM_EMAIL"]
    changed = {name: value for name, value in wanted.items() if getattr(settings, name) != value}
    for name, value in changed.items():
        setattr(settings, name, value)
    if "TIME_ZONE" in changed:
        timezone.get_default_timezone.cache_clear()  # type: ignore[attr-defined]
    if "LANGUAGE_CODE" in changed:
        # Django keeps the catalogue of the language it falls back to.
        trans_real._default = None  # type: ignore[attr-defined]


def save_organisation(row: Organisation, *, by: StaffUser | None, now: dt.datetime) -> list[str]:
    """What was changed. The environment's own values are none of the row's."""
    with transaction.atomic():
        before = organisation()
        changed = {
            field: getattr(row, field)
            for field in (*FIELDS, "approval_above")
            if getattr(row, field) != getattr(before, field)
        }
        if changed:
            row.pk = Organisation.ONLY
            row.save()
            record_event(AuditAction.ORGANISATION_UPDATE, actor=by, now=now, **_told(changed))
            transaction.on_commit(lambda: put_in_force(_kept(row)))
    return list(changed)


def lacks_sender() -> bool:
    """Whether e-mails that go out to the world would name the demo as their sender.

    A mail server on this machine or in a private network may be one that is tried with.
    """
    said = {name: getattr(settings, name) for name in SETTINGS.values()}
    goes_out = settings.SERVED_SECURELY or not _is_near(settings.EMAIL_HOST)
    return not settings.EMBEDDED_INBOX and goes_out and bool(still_of_the_demo(said))


def _is_near(host: str) -> bool:
    try:
        return not is_public(host)
    except ValueError:
        return host in ("", "localhost")


def unfinished() -> list[Any]:
    """What a public installation still misses, without what was said in the browser since."""
    zone_is_said = settings.WITHOUT_ORGANISATION["TIME_ZONE"] != settings.TIME_ZONE
    return [each for each in settings.UNFINISHED if not (zone_is_said and each[0] == "TIME_ZONE")]


def _kept(row: Organisation) -> dict[str, str]:
    return {field: getattr(row, field) for field in FIELDS}


def _told(changed: Mapping[str, Any]) -> dict[str, str]:
    return {field: "" if value is None else str(value) for field, value in changed.items()}
