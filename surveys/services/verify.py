"""The nightly second look: what cap, delivery, follow-ups and audit log promise is gone through."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.dispatch import Signal
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.domain.access.roles import Role
from accounts.models import StaffUser
from accounts.queries.audit import check_log
from surveys.queries.delivery import findings
from surveys.queries.proofs import frequency_violations

# What apps above this one promise: each receiver answers with its sentences on what is wrong.
promises_verified = Signal()
logger = logging.getLogger(__name__)


def verify_promises(*, now: dt.datetime) -> list[str]:
    """What is wrong, one sentence each; the admins get them by mail."""
    wrong = list(findings(now=now))
    proof = frequency_violations()
    if proof.violations:
        wrong.append(f"{proof.violations} times somebody was asked more often than allowed")
    wrong.extend(f"audit log: {each}" for each in check_log(now=now).faults)
    found: Any
    for _receiver, found in promises_verified.send(sender=StaffUser):
        wrong.extend(found)
    for line in wrong:
        logger.error("verify: %s", line)
    if wrong:
        _tell_admins(wrong)
    return wrong


def _tell_admins(wrong: list[str]) -> None:
    for admin in StaffUser.objects.filter(role=Role.ADMIN, is_active=True):
        with override(admin.language or settings.LANGUAGE_CODE):
            subject = _("Koe found a problem with its deliveries")
        try:
            send_mail(subject, "\n".join(wrong), settings.DEFAULT_FROM_EMAIL, [admin.email])
        except OSError:
            logger.exception("an admin could not be told what verify found")
