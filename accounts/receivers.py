from __future__ import annotations

from typing import Any

from allauth.account.signals import user_logged_in
from django.dispatch import receiver
from django.utils import timezone

from accounts.domain.audit import AuditAction
from accounts.models import StaffUser
from accounts.services.audit import record_event


@receiver(user_logged_in, dispatch_uid="accounts.note_login")
def note_login(sender: type, user: StaffUser, **_: Any) -> None:
    """Sent once the second step is done too, where there is one."""
    record_event(AuditAction.STAFF_LOGIN, actor=user, now=timezone.now(), target=user.email)
