"""E-mails about a log-in: a row each until it has left, so that no broker can lose one."""

from __future__ import annotations

import datetime as dt
import logging
import smtplib

from accounts.models import StaffMail, StaffUser
from accounts.services.access import staff
from common.net.origin import current_origin
from config.celery import enqueue

# Whoever took one and was killed, or met a mail server that was away, had it for so long.
AGAIN = dt.timedelta(minutes=2)
# Then nobody waits for it any more.
KEPT = dt.timedelta(hours=1)
AT_ONCE = 200
# Codes of a mail server from here on.
_FOR_GOOD = 500
Kind = StaffMail.Kind
logger = logging.getLogger(__name__)


def ask_for_reset(email: str, *, language: str, now: dt.datetime) -> None:
    _queue(Kind.RESET, email, language=language, now=now)


def tell_locked_out(user: StaffUser, *, address: str, now: dt.datetime) -> None:
    """One that is on its way is enough."""
    if not StaffMail.objects.filter(kind=Kind.LOCKED_OUT, email=user.email).exists():
        _queue(Kind.LOCKED_OUT, user.email, language=user.language, address=address, now=now)


def tell_changed(user: StaffUser, kind: StaffMail.Kind, *, now: dt.datetime) -> None:
    """To the owner: whoever changed it may be somebody else."""
    origin = current_origin()
    address = origin.address if origin else ""
    _queue(kind, user.email, language=user.language, address=address, now=now)


def _queue(
    kind: StaffMail.Kind, email: str, *, language: str, now: dt.datetime, address: str = ""
) -> None:
    StaffMail.objects.create(
        kind=kind, email=email, language=language, address=address, asked_at=now, next_at=now
    )
    enqueue("accounts.tasks.send_log_in_mails")


def send_waiting(*, now: dt.datetime) -> int:
    """How many were sent, or had nobody to be sent to."""
    StaffMail.objects.filter(asked_at__lt=now - KEPT).delete()
    waiting = StaffMail.objects.filter(next_at__lte=now).order_by("pk")[:AT_ONCE]
    return sum(_sent(each, now=now) for each in waiting)


def _sent(mail: StaffMail, *, now: dt.datetime) -> bool:
    """Claimed by moving it on: of two workers one sends it."""
    claim = StaffMail.objects.filter(pk=mail.pk, next_at=mail.next_at)
    if not claim.update(next_at=now + AGAIN):
        return False
    try:
        if mail.kind == Kind.RESET:
            staff.send_reset(mail.email, language=mail.language, now=now)
        elif mail.kind == Kind.LOCKED_OUT:
            staff.send_locked_out(mail.email, address=mail.address)
        else:
            staff.send_changed(mail)
    except smtplib.SMTPRecipientsRefused as error:
        if any(code < _FOR_GOOD for code, _words in error.recipients.values()):
            return False
        logger.warning("an e-mail about a log-in was refused for good, and is not tried again")
    except (OSError, smtplib.SMTPException):
        logger.exception("an e-mail about a log-in waits: the mail server did not take it")
        return False
    mail.delete()
    return True
