"""Invitations and their answers by the segment that was frozen when they were sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from accounts.domain.segments import UNKNOWN
from accounts.models import SegmentProfile


def in_segments(segments: Mapping[str, Sequence[str]], *, profile: str = "profile") -> Q:
    """Dimension to values, any of them. Where nothing was frozen every value is unknown.

    `profile`: the way to it from the rows that are chosen.
    """
    frozen = Q(**{f"{profile}__in": _profiles(segments)})
    unknown = all(UNKNOWN in values for values in segments.values())
    return frozen | Q(**{profile: None}) if unknown else frozen


def _profiles(segments: Mapping[str, Sequence[str]]) -> QuerySet[SegmentProfile]:
    """As plain text: on SQLite a comparison with the JSON path itself takes its value for JSON."""
    found = SegmentProfile.objects.all()
    for number, (name, values) in enumerate(segments.items()):
        text = Cast(KeyTextTransform(name, "values"), TextField())
        known = Coalesce(text, Value(UNKNOWN), output_field=TextField())
        found = found.alias(**{f"segment_{number}": known})
        found = found.filter(**{f"segment_{number}__in": list(values)})
    return found
