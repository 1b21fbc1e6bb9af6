from __future__ import annotations

import datetime as dt

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session


def forget_ended(*, now: dt.datetime) -> int:
    """Of sessions that are over nothing stays: their list has addresses and browsers."""
    longest = dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)
    UserSession.objects.filter(created_at__lt=now - longest).delete()
    return Session.objects.filter(expire_date__lt=now).delete()[0]
