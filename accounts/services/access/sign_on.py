"""Who comes in by the organisation's own sign-on: known, linked by their address, or new."""

from __future__ import annotations

import datetime as dt

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction

from accounts.domain.access.audit import AuditAction
from accounts.domain.access.roles import Role
from accounts.domain.access.sign_on import Refusal, gives_more, parse_roles, role_of
from accounts.models import StaffMail, StaffUser
from accounts.services.access.audit import record_event
from accounts.services.access.log_in_mails import tell_changed
from accounts.services.access.staff import StaffError, create_staff


class SignOnRefused(Exception):
    def __init__(self, why: Refusal) -> None:
        self.why = why


@transaction.atomic
def enter(*, provider: str, uid: str, email: str, name: str, now: dt.datetime) -> SocialAccount:
    """Whose the sign-on's name for somebody (`uid`) is.

    `email` is verified, or empty. Raises `SignOnRefused`.
    """
    role = role_of(email, parse_roles(settings.SIGN_ON_ROLES))
    if not email or role is None:
        raise SignOnRefused(Refusal.UNMAPPED if email else Refusal.UNVERIFIED)
    known = SocialAccount.objects.filter(provider=provider, uid=uid).select_related("user").first()
    if known is None:
        user = _locked(email) or _made(email, role=role, name=name, now=now)
        known = _linked(user, role=role, provider=provider, uid=uid, now=now)
    if not known.user.is_active:
        raise SignOnRefused(Refusal.CLOSED)
    return known


def _locked(email: str) -> StaffUser | None:
    """Of two who come at once with one address the second finds what the first wrote."""
    return StaffUser.objects.select_for_update().filter(email=email).first()


def _made(email: str, *, role: Role, name: str, now: dt.datetime) -> StaffUser:
    try:
        return create_staff(email, role=role, name=name[:100], by=None, now=now)
    except StaffError:  # Made meanwhile.
        raise SignOnRefused(Refusal.STALE) from None


def _linked(
    user: StaffUser, *, role: Role, provider: str, uid: str, now: dt.datetime
) -> SocialAccount:
    """An address is given to somebody else one day, and a link opens no more than was said."""
    if not user.is_active:
        raise SignOnRefused(Refusal.CLOSED)
    if there := SocialAccount.objects.filter(provider=provider, user=user).first():
        if there.uid == uid:  # By a second window.
            return there
        raise SignOnRefused(Refusal.TAKEN)
    if gives_more(Role(user.role), than=role):
        raise SignOnRefused(Refusal.HIGHER)
    made = SocialAccount.objects.create(provider=provider, uid=uid, user=user)
    record_event(AuditAction.STAFF_SIGN_ON_LINK, actor=user, now=now, target=user.email)
    tell_changed(user, StaffMail.Kind.SIGN_ON_LINKED, now=now)
    return made


def is_linked(user: StaffUser) -> bool:
    return bool(SocialAccount.objects.filter(user=user).exists())


@transaction.atomic
def unlink(user: StaffUser, *, by: StaffUser | None, now: dt.datetime) -> bool:
    """The next who comes with that address is linked anew."""
    removed: int = SocialAccount.objects.filter(user=user).delete()[0]
    if removed:
        record_event(AuditAction.STAFF_SIGN_ON_UNLINK, actor=by, now=now, target=user.email)
    return bool(removed)
