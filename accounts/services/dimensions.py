"""Segments as admins make and change them; imports register the plain ones by themselves."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import Dimension, StaffUser
from accounts.services.audit import record_event


@transaction.atomic
def save_dimension(dimension: Dimension, *, by: StaffUser, now: dt.datetime) -> None:
    action = "segment.update" if dimension.pk else "segment.create"
    dimension.save()
    record_event(
        action,
        actor=by,
        now=now,
        target=dimension.name,
        label=dimension.label,
        attribute=dimension.attribute,
        bands=dimension.bands,
    )


@transaction.atomic
def delete_dimension(dimension: Dimension, *, by: StaffUser, now: dt.datetime) -> None:
    """Reports no longer split by it; what is frozen on invitations stays."""
    record_event("segment.delete", actor=by, now=now, target=dimension.name)
    dimension.delete()
