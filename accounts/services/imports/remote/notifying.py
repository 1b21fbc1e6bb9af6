"""An e-mail to whoever uploaded a file that took longer than one waits for."""

from __future__ import annotations

import datetime as dt
import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from accounts.models import Import

LONG = dt.timedelta(minutes=1)
logger = logging.getLogger(__name__)


def notify_if_long(row: Import, *, now: dt.datetime) -> None:
    """In the language of whoever uploaded it. That the mail server is away undoes no import."""
    user = row.created_by
    if user is None or not user.is_active or not row.queued_at or now - row.queued_at < LONG:
        return
    url = settings.SITE_URL + reverse("accounts:import-detail", args=[row.pk])
    context = {"import": row, "url": url}
    with override(user.language or settings.LANGUAGE_CODE):
        subject = " ".join(render_to_string("emails/import_done/subject.txt", context).split())
        body = render_to_string("emails/import_done/body.txt", context)
    try:
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [user.email])
    except (OSError, SMTPException):
        logger.exception("nobody was told that import %s is done", row.pk)
