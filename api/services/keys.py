"""API keys: made by an admin or on the command line, shown once, found by their hash."""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
from string import ascii_lowercase, digits

from django.db import transaction
from django.db.models import Q
from django.utils.crypto import get_random_string

from accounts.domain.access.audit import AuditAction
from accounts.models import StaffUser
from accounts.services.access.audit import record_event
from api.domain.keys import PREFIX_LENGTH, digest_of, key_text, prefix_in
from api.models import ApiKey, Project
from api.services.webhooks.editing import remember_text

DEFAULT_PROJECT = "default"
USE_NOTED_EVERY = dt.timedelta(minutes=1)


@transaction.atomic
def create_key(
    name: str,
    *,
    role: str,
    project: str,
    rate: int,
    expires_at: dt.datetime | None = None,
    by: StaffUser | None,
    now: dt.datetime,
) -> tuple[ApiKey, str]:
    """The row and the key itself, which nobody can show again. Raises ValidationError."""
    prefix = get_random_string(PREFIX_LENGTH, ascii_lowercase + digits)
    text = key_text(prefix, secrets.token_urlsafe(32))
    made = Project(name=project.strip() or DEFAULT_PROJECT)
    made.full_clean(validate_unique=False)
    key = ApiKey(
        name=name.strip(),
        prefix=prefix,
        digest=digest_of(text),
        role=role,
        project=Project.objects.get_or_create(name=made.name)[0],
        rate=rate,
        created_at=now,
        created_by=by,
        expires_at=expires_at,
    )
    key.full_clean()
    key.save()
    record_event(
        AuditAction.API_KEY_CREATE, actor=by, now=now, target=key.shown,
        name=key.name, role=key.role, project=key.project.name,
    )  # fmt: skip
    return key, text


@transaction.atomic
def revoke_key(key: ApiKey, *, by: StaffUser | None, now: dt.datetime) -> bool:
    """False where somebody did before."""
    if not ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now):
        return False
    record_event(AuditAction.API_KEY_REVOKE, actor=by, now=now, target=key.shown, name=key.name)
    return True


def key_for(text: str, *, now: dt.datetime) -> ApiKey | None:
    """The key that a request came with, if it is one that is in force."""
    prefix = prefix_in(text)
    key = ApiKey.objects.select_related("project").filter(prefix=prefix or "").first()
    # Compared also where there is none: how long it takes says nothing of which prefixes exist.
    is_right = hmac.compare_digest(digest_of(text), key.digest if key else "0" * 64)
    if not (key and is_right and key.is_valid(now)):
        return None
    if key.is_awaited:
        remember_text(key, text, now=now)
    return key


def note_use(key: ApiKey, *, now: dt.datetime) -> None:
    long_ago = now - USE_NOTED_EVERY
    if key.last_used_at is None or key.last_used_at <= long_ago:
        stale = Q(last_used_at=None) | Q(last_used_at__lte=long_ago)
        ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)
