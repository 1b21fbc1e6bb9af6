"""The weekly digest: asked for, queued once a week and person, and written when it leaves."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import translation

from accounts.domain.access.roles import Permission
from accounts.models import StaffUser
from actions.domain.alerts.names import EventName
from actions.domain.digests.schedule import days_told, due_day, week_name
from actions.models import Delivery, DigestWish
from actions.services.alerts.answers import named
from actions.services.deliveries.mails import compose, language_of
from actions.services.deliveries.queueing import Draft, queue_once
from surveys.queries.calendar.days import day_of

# Figures take longer than e-mails: they do not stand in their way.
LANE = "digest"
SALT = "actions.digest"


def wish_for(staff: StaffUser, *, weekday: int, hour: int, now: dt.datetime) -> None:
    values = {"weekday": weekday, "hour": hour, "since": now}
    DigestWish.objects.update_or_create(staff=staff, defaults=values)


def end_wish(staff_id: int) -> bool:
    """Whether there was one."""
    return bool(DigestWish.objects.filter(staff=staff_id).delete()[0])


def queue_due(*, now: dt.datetime) -> int:
    """One a week and person, however many ticks see that it is due."""
    zone = ZoneInfo(settings.TIME_ZONE)
    wishes = DigestWish.objects.filter(staff__is_active=True).select_related("staff")
    drafts = []
    for each in wishes.order_by("pk"):
        day = due_day(now, weekday=each.weekday, hour=each.hour, zone=zone, since=each.since)
        if day is not None:
            drafts.append(_draft(each.staff, day, now=now))
    return queue_once(drafts, now=now)


def _draft(staff: StaffUser, day: dt.date, *, now: dt.datetime) -> Draft:
    return Draft(
        key=f"digest:{staff.pk}:{week_name(day)}",
        event=EventName.DIGEST,
        due=now,
        payload={"day": day.isoformat()},
        staff=staff,
        lane=LANE,
    )


def mail(delivery: Delivery, now: dt.datetime) -> EmailMultiAlternatives | None:
    """Nothing for who wants it no more, or may no longer read reports."""
    reader = delivery.staff
    if reader is None or not DigestWish.objects.filter(staff=reader).exists():
        return None
    if not reader.may(Permission.VIEW_REPORTS):
        return None
    return write(reader, dt.date.fromisoformat(delivery.payload["day"]), now=now)


def write(reader: StaffUser, day: dt.date, *, now: dt.datetime) -> EmailMultiAlternatives:
    # Only here: they need pandas, and the workers of e-mails import this module.
    from actions.reports.digest import digest_of, newest_words

    first, last = days_told(day)
    today = day_of(now)
    may = reader.may(Permission.VIEW_PEOPLE)
    stop = settings.SITE_URL + reverse("actions:digest-stop", args=[make_token(reader.pk)])
    with translation.override(language_of(reader)):
        context = {
            "digest": digest_of(first, last, now=now, today=today),
            "words": [
                (each, named(each.invitation.respondent, with_address=may))
                for each in newest_words(first, last)
            ],
            "first": first,
            "last": last,
            "organisation": settings.ORGANISATION_NAME,
            "site": settings.SITE_URL,
            "overview": f"{reverse('analytics:overview')}?from={first}&to={last}",
            "works": reader.may(Permission.FOLLOW_UP),
            "stop": stop,
        }
    headers = {
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return compose("digest", context, to=reader.email, reader=reader, headers=headers)


def make_token(staff_id: int) -> str:
    return signing.dumps(staff_id, salt=SALT, compress=False)


def read_token(token: str) -> int | None:
    """It never expires, as an old e-mail's link must still work; it can only end the digest."""
    try:
        return int(signing.loads(token, salt=SALT))
    except (signing.BadSignature, ValueError, TypeError):
        return None
