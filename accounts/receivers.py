"""The entrance in the audit log: who came in, who did not, and what changed of a log-in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from celery.signals import beat_init, worker_init
from django.contrib.auth import signals as auth
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.dispatch import receiver
from django.utils import timezone

from accounts.domain.access.audit import AuditAction
from accounts.models import StaffMail, StaffUser
from accounts.services.access.audit import record_event
from accounts.services.access.log_in_mails import tell_changed
from accounts.services.access.staff import refuse_demo_logins
from common.databases.backup import restored


def note_entrance(action: AuditAction, *, email: str | None, **detail: Any) -> None:
    """Before anybody has logged in. What was typed is named only where it is an account of ours.

    Somebody may have typed a password there.
    """
    user = StaffUser.objects.filter(email__iexact=email or "").first()
    record_event(
        action, actor=None, now=timezone.now(), target=user.email if user else "", **detail
    )


def _note(action: AuditAction, user: StaffUser, **detail: Any) -> None:
    record_event(action, actor=user, now=timezone.now(), target=user.email, **detail)


@receiver(account.user_logged_in, dispatch_uid="accounts.note_login")
def note_login(sender: type, user: StaffUser, sociallogin: Any = None, **_: Any) -> None:
    """Sent once the second step is done too, where there is one."""
    by = {"method": "sign-on"} if sociallogin else {}
    _note(AuditAction.STAFF_LOGIN, user, **by)


@receiver(auth.user_login_failed, dispatch_uid="accounts.note_failed_login")
def note_failed_login(sender: Any, credentials: dict[str, Any], **_: Any) -> None:
    note_entrance(AuditAction.STAFF_LOGIN_FAILED, email=credentials.get("email"))


@receiver(mfa.authentication_failed, dispatch_uid="accounts.note_failed_code")
def note_failed_code(sender: Any, user: StaffUser, **_: Any) -> None:
    note_entrance(AuditAction.STAFF_LOGIN_FAILED, email=user.email, step="code")


@receiver(auth.user_logged_out, dispatch_uid="accounts.note_logout")
def note_logout(sender: Any, user: StaffUser | None, **_: Any) -> None:
    if user is not None:
        _note(AuditAction.STAFF_LOGOUT, user)


@receiver(
    [account.password_set, account.password_changed, account.password_reset],
    dispatch_uid="accounts.note_password",
)
def note_password(sender: Any, user: StaffUser, **_: Any) -> None:
    _note(AuditAction.STAFF_PASSWORD, user)
    tell_changed(user, StaffMail.Kind.PASSWORD, now=timezone.now())


@receiver(mfa.authenticator_added, dispatch_uid="accounts.note_added_step")
def note_added_step(sender: Any, user: StaffUser, authenticator: Any, **_: Any) -> None:
    _note_step(user, authenticator.type, "added")


@receiver(mfa.authenticator_removed, dispatch_uid="accounts.note_removed_step")
def note_removed_step(sender: Any, user: StaffUser, authenticator: Any, **_: Any) -> None:
    _note_step(user, authenticator.type, "removed")


@receiver(mfa.authenticator_reset, dispatch_uid="accounts.note_reset_step")
def note_reset_step(sender: Any, user: StaffUser, authenticator: Any, **_: Any) -> None:
    _note_step(user, authenticator.type, "reset")


def _note_step(user: StaffUser, kind: str, change: str) -> None:
    """Recovery codes come and go with the others: of them no mail is sent."""
    _note(AuditAction.STAFF_SECOND_STEP, user, kind=kind, change=change)
    if f"{kind}_{change}" in StaffMail.Kind.values:
        tell_changed(user, StaffMail.Kind(f"{kind}_{change}"), now=timezone.now())


@beat_init.connect(dispatch_uid="accounts.beat_refuses_demo_logins")
@worker_init.connect(dispatch_uid="accounts.worker_refuses_demo_logins")
def start_without_demo_logins(**_: Any) -> None:
    """As the pages: e-mails leave from here, too."""
    try:
        refuse_demo_logins()
    except ImproperlyConfigured as error:
        # Celery logs what a receiver raises, and goes on.
        raise SystemExit(str(error)) from None
    finally:
        # No child may be forked with it.
        if not connection.in_atomic_block:
            connection.close()


@receiver(restored, dispatch_uid="accounts.note_restore")
def note_restore(sender: type, made_at: dt.datetime, now: dt.datetime, **_: Any) -> None:
    """What was noted since the backup is gone: the log says from where on."""
    action = AuditAction.DATABASE_RESTORE
    record_event(action, actor=None, now=now, target=made_at.isoformat())
