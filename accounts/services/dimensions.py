"""Segments as admins make and change them; imports register the plain ones by themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from django.db import transaction
from django.dispatch import Signal

from accounts.domain.access.audit import AuditAction
from accounts.domain.segments import UNKNOWN
from accounts.models import Dimension, StaffUser
from accounts.queries.values import values_in
from accounts.services.access.audit import record_event
from accounts.services.rebuilds import refreeze_if_changed

# Campaigns and goals are not known here: who asks by a segment's values answers with a list of
# `Use`.
asks_by = Signal()


@dataclass(frozen=True, slots=True)
class Use:
    """A campaign that is not over, or a goal, and the values of the segment that it asks for."""

    name: str
    values: tuple[str, ...]


class DimensionInUse(Exception):
    def __init__(self, uses: Sequence[Use]) -> None:
        super().__init__(", ".join(each.name for each in uses))
        self.uses = tuple(uses)


def uses_of(dimension: Dimension) -> list[Use]:
    answers = asks_by.send(sender=Dimension, name=dimension.name)
    return [use for _, uses in answers for use in cast("list[Use]", uses)]


def left_without_anybody(dimension: Dimension, *, uses: Sequence[Use], day: dt.date) -> list[Use]:
    """The uses that ask for values which the segment, as it is defined now, does not have."""
    if not uses:
        return []
    bands = dimension.definition.bands
    known = (
        {each.text for each in values_in(dimension, day=day, at_most=None)}
        if bands is None
        else set(bands.labels)
    )
    lost = [
        replace(use, values=tuple(each for each in use.values if each not in known | {UNKNOWN}))
        for use in uses
    ]
    return [use for use in lost if use.values]


EDITED = ("name", "label", "labels", "source", "attribute", "divisor", "bands")


@transaction.atomic
def save_dimension(dimension: Dimension, *, by: StaffUser, now: dt.datetime) -> None:
    action = AuditAction.SEGMENT_UPDATE if dimension.pk else AuditAction.SEGMENT_CREATE
    if not dimension.pk:
        dimension.position = Dimension.objects.next_position()
    # Its place is changed by another button.
    dimension.save(update_fields=EDITED if dimension.pk else None)
    record_event(
        action,
        actor=by,
        now=now,
        target=dimension.name,
        label=dimension.label,
        labels=", ".join(f"{code}: {text}" for code, text in dimension.labels.items()),
        attribute=dimension.attribute,
        divisor=dimension.divisor,
        bands=dimension.bands,
    )
    refreeze_if_changed(now=now)


@transaction.atomic
def put_first(dimension: Dimension, *, by: StaffUser, now: dt.datetime) -> None:
    """Before all others, which keep their order: reports split by it where nobody chose."""
    others = Dimension.objects.select_for_update().in_order().exclude(pk=dimension.pk)
    rows = [dimension, *others]
    for position, row in enumerate(rows, start=1):
        row.position = position
    Dimension.objects.bulk_update(rows, ["position"])
    record_event(AuditAction.SEGMENT_UPDATE, actor=by, now=now, target=dimension.name, position=1)


@transaction.atomic
def delete_dimension(dimension: Dimension, *, by: StaffUser, now: dt.datetime) -> None:
    """Reports no longer split by it; what is frozen on invitations stays.

    Refused while a campaign asks by it: its audience would be nobody, or everybody else.
    """
    if uses := uses_of(dimension):
        raise DimensionInUse(uses)
    record_event(AuditAction.SEGMENT_DELETE, actor=by, now=now, target=dimension.name)
    dimension.delete()
