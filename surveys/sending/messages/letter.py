"""A single e-mail that a member of staff wrote to somebody: no survey, and no slot."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from email.utils import format_datetime, formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMessage

from common.net.mail import SEVEN_BIT
from surveys.domain.mail.delivery import AttemptOutcome, Phase, Verdict
from surveys.domain.mail.references import reference_header
from surveys.domain.reasons import InvitationReason
from surveys.domain.wording import header_safe, sender_display_name
from surveys.sending.transports import new_transport
from surveys.sending.transports.base import Result, UnfitMail


@dataclass(frozen=True, slots=True)
class Letter:
    # The same for every try: whoever gets it twice can tell.
    unique: str
    to: str
    author: str
    reply_to: str
    subject: str
    text: str


def send_letter(letter: Letter, *, now: dt.datetime) -> Result:
    """From the organisation's address; answers go to its author. What broke in is the caller's."""
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    transport = new_transport()
    try:
        message = _message(letter, sender=sender, now=now)
        return transport.send(message, sender=sender, recipient=letter.to)
    except UnfitMail as fault:
        verdict = Verdict(AttemptOutcome.FAILED, InvitationReason.UNFIT_MAIL)
        return Result(Phase.CONNECT, None, str(fault), verdict)
    finally:
        transport.close()


def _message(letter: Letter, *, sender: str, now: dt.datetime) -> bytes:
    names = " · ".join(each for each in (letter.author, settings.ORGANISATION_NAME) if each)
    message = EmailMessage(
        header_safe(letter.subject),
        "\n".join(letter.text.splitlines()),
        formataddr((sender_display_name(names), sender)),
        [letter.to],
        reply_to=[letter.reply_to],
        headers={
            "Date": format_datetime(now),
            "Message-ID": f"<{letter.unique}@{sender.rpartition('@')[2] or 'localhost'}>",
            # So that no event about it is taken for one of a survey to the same address.
            **reference_header(settings.EMAIL_PROVIDER, letter.unique),
        },
    )
    message.encoding = SEVEN_BIT
    return message.message().as_bytes().replace(b"\n", b"\r\n")
