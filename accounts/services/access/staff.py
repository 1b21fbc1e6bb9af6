"""Staff users: made by an admin or on the command line, never by themselves."""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import send_mail
from django.db import DatabaseError, IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.domain.access.audit import AuditAction
from accounts.domain.access.demo import DEMO_PASSWORD, DEMO_STAFF
from accounts.domain.access.roles import Role
from accounts.labels import CHANGE_LABELS, ROLE_LABELS
from accounts.models import StaffMail, StaffUser
from accounts.services.access.audit import record_event


class StaffError(Exception):
    """A staff user cannot be made or changed like this; the text says why."""


def create_staff(
    email: str,
    *,
    role: Role,
    name: str = "",
    password: str | None = None,
    by: StaffUser | None,
    now: dt.datetime,
) -> StaffUser:
    """Make a staff user; without a password they choose one by the link of `send_welcome`.

    Raises `StaffError` for a known address and `ValidationError` for a weak password.
    """
    user = StaffUser(email=email.strip().lower(), name=name, role=role)
    known = StaffError(_("%(email)s already has an account.") % {"email": user.email})
    if StaffUser.objects.filter(email__iexact=user.email).exists():
        raise known
    if password is not None:
        validate_password(password, user)
    user.set_password(password)
    user.full_clean(exclude=["password"], validate_unique=False)
    try:
        with transaction.atomic():
            user.save()
            detail = {"target": user.email, "role": str(role)}
            record_event(AuditAction.STAFF_CREATE, actor=by, now=now, **detail)
    except IntegrityError:  # Somebody else made it meanwhile.
        raise known from None
    return user


def change_staff(
    user: StaffUser, *, name: str, role: Role, is_active: bool, by: StaffUser, now: dt.datetime
) -> None:
    """Change a staff user; at least one active admin is left, whoever acts at the same time."""
    with transaction.atomic():
        admins = StaffUser.objects.filter(role=Role.ADMIN, is_active=True).order_by("pk")
        active = {admin.pk for admin in admins.select_for_update()}
        stays_admin = role == Role.ADMIN and is_active
        if not stays_admin and active == {user.pk}:
            raise StaffError(_("This is the last admin. Make someone else an admin first."))
        before = StaffUser.objects.select_for_update().get(pk=user.pk)
        StaffUser.objects.filter(pk=user.pk).update(name=name, role=role, is_active=is_active)
        if before.role != role:
            change = {"before": before.role, "after": str(role)}
            record_event(AuditAction.STAFF_ROLE, actor=by, now=now, target=user.email, **change)
        if before.is_active != is_active:
            action = AuditAction.STAFF_OPEN if is_active else AuditAction.STAFF_CLOSE
            record_event(action, actor=by, now=now, target=user.email)


def open_demo_logins() -> list[str]:
    """Nobody else can have that password: it is refused wherever one is chosen."""
    users = StaffUser.objects.filter(email__in=DEMO_STAFF, is_active=True).order_by("pk")
    return [user.email for user in users if user.check_password(DEMO_PASSWORD)]


def refuse_demo_logins() -> None:
    """Where others can come, nothing starts beside a password that everybody knows."""
    if not settings.SERVED_SECURELY:
        return
    try:
        found = open_demo_logins()
    except DatabaseError:
        return  # it is still starting; the log-in itself refuses that password, too
    if found:
        raise ImproperlyConfigured(
            f"The demo log-ins {', '.join(found)} still have the password that everybody knows,"
            " and SITE_URL is https. Close them and make a log-in of your own:"
            " manage.py close_demo_logins; manage.py create_staff EMAIL --role admin"
        )


@transaction.atomic
def close_demo_logins(*, now: dt.datetime) -> list[str]:
    """Those that still have the published password; the last admin's too."""
    closed = open_demo_logins()
    StaffUser.objects.filter(email__in=closed).update(is_active=False)
    for email in closed:
        record_event(AuditAction.STAFF_CLOSE, actor=None, now=now, target=email)
    return closed


@transaction.atomic
def remove_second_step(user: StaffUser, *, by: StaffUser | None, now: dt.datetime) -> int:
    """For a lost phone: how many devices and lists of codes were taken away."""
    removed: int = Authenticator.objects.filter(user=user).delete()[0]
    if removed:
        record_event(AuditAction.STAFF_SECOND_STEP_REMOVED, actor=by, now=now, target=user.email)
    return removed


def send_welcome(user: StaffUser, *, by: StaffUser) -> None:
    """Mail the link with which a new staff user chooses a password."""
    context = {
        "inviter": by,
        "role": ROLE_LABELS[Role(user.role)],
        "reset_url": settings.SITE_URL + reverse("account_reset_password"),
    }
    _send_link("staff_welcome", user, language=user.language or settings.LANGUAGE_CODE, **context)


def send_reset(email: str, *, language: str, now: dt.datetime) -> None:
    """The link for a forgotten password, where the address has an account.

    In the language that its owner chose, else in that of the page it was asked for on.
    """
    user = StaffUser.objects.filter(email=email.lower(), is_active=True).first()
    if user is not None:
        record_event(AuditAction.STAFF_RESET_ASKED, actor=None, now=now, target=user.email)
        _send_link("password_reset", user, language=user.language or language)


def send_locked_out(email: str, *, address: str) -> None:
    """To the owner of an account whose password somebody guessed at, and how to get in."""
    user = StaffUser.objects.filter(email=email, is_active=True).first()
    if user is not None:
        language = user.language or settings.LANGUAGE_CODE
        _send_link("locked_out", user, language=language, address=address)


def send_changed(mail: StaffMail) -> None:
    """To the owner of an account, what was changed of how they log in."""
    user = StaffUser.objects.filter(email=mail.email, is_active=True).first()
    if user is not None:
        language = user.language or settings.LANGUAGE_CODE
        with override(language):
            change = str(CHANGE_LABELS[mail.kind])
        said = {"change": change, "address": mail.address, "at": mail.asked_at}
        _send_link("log_in_changed", user, language=language, **said)


def _send_link(mail: str, user: StaffUser, *, language: str, **context: Any) -> None:
    context["organisation_name"] = settings.ORGANISATION_NAME
    # At the address of the site, whatever host a visitor claims to have asked.
    context["url"] = settings.SITE_URL + _password_link(user)
    with override(language):
        subject = " ".join(render_to_string(f"emails/{mail}/subject.txt", context).split())
        body = render_to_string(f"emails/{mail}/body.txt", context)
    send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [user.email])


def _password_link(user: StaffUser) -> str:
    """It works once."""
    return reverse(
        "account_reset_password_from_key",
        kwargs={
            "uidb36": user_pk_to_url_str(user),
            "key": default_token_generator.make_token(user),
        },
    )
