"""E-mails to staff, as text and as HTML, in their reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from accounts.models import StaffUser
from common.net.mail import SEVEN_BIT
from surveys.domain.wording import header_safe

_HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


def language_of(reader: StaffUser | None) -> str:
    return (reader.language if reader else "") or settings.LANGUAGE_CODE


def compose(
    name: str,
    context: dict[str, Any],
    *,
    to: str,
    reader: StaffUser | None,
    headers: Mapping[str, str] | None = None,
) -> EmailMultiAlternatives:
    with translation.override(language_of(reader)):
        subject = header_safe(render_to_string(f"emails/{name}/subject.txt", context))
        body = render_to_string(f"emails/{name}/body.txt", context)
        page = render_to_string(f"emails/{name}/body.html", context)
    message = EmailMultiAlternatives(
        subject, body, to=[to], headers={**_HEADERS, **(headers or {})}
    )
    message.encoding = SEVEN_BIT
    message.attach_alternative(page, "text/html")
    return message
