"""Segment values: registering dimensions and freezing the values of a respondent."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from accounts.domain.segments import MRR, TENURE, UNKNOWN, segment_values, tenure_on
from accounts.models import Dimension, Respondent, SegmentProfile
from accounts.queries.money.revenue import mrr_known_on


def current_attributes(respondents: Sequence[Respondent], *, day: dt.date) -> list[dict[str, Any]]:
    """What is known of each on the day, as it would be frozen."""
    mrr = mrr_known_on((each.customer_id for each in respondents), day=day)
    return [
        known_attributes(
            each.customer.attributes if each.customer else {},
            each.attributes,
            role=each.role,
            language=each.language,
            mrr=mrr.get(each.customer_id, UNKNOWN),
            tenure=tenure_on(day, each.customer.started_on if each.customer else None),
        )
        for each in respondents
    ]


def known_attributes(
    customers: Mapping[str, Any],
    own: Mapping[str, Any],
    *,
    role: str,
    language: str,
    mrr: str,
    tenure: str,
) -> dict[str, Any]:
    """The customer's attributes and numbers with the respondent's own beside them (theirs win).

    The numbers are there whether or not a segment reads them today: what is frozen is for later
    ones too.
    """
    return {**customers, **own, "role": role, "language": language, MRR: mrr, TENURE: tenure}


def profile_ids(
    rows: Iterable[Mapping[str, Any]], *, dimensions: Iterable[Dimension] | None = None
) -> list[int]:
    """One segment profile id per row of attributes, made where it did not exist yet."""
    if dimensions is None:
        dimensions = Dimension.objects.all()
    definitions = [each.definition for each in dimensions]
    values = [segment_values(row, definitions=definitions) for row in rows]
    digests = [digest(each) for each in values]
    wanted = dict(zip(digests, values, strict=True))
    ids = _known_profiles(wanted)
    missing = sorted(wanted.keys() - ids.keys())
    if missing:
        SegmentProfile.objects.bulk_create(
            (SegmentProfile(digest=key, values=wanted[key]) for key in missing),
            ignore_conflicts=True,
            batch_size=500,
        )
        ids |= _known_profiles(missing)
    return [ids[key] for key in digests]


def _known_profiles(digests: Iterable[str]) -> dict[str, int]:
    keys = sorted(digests)
    ids: dict[str, int] = {}
    for start in range(0, len(keys), 500):
        found = SegmentProfile.objects.filter(digest__in=keys[start : start + 500])
        ids.update(found.values_list("digest", "pk"))
    return ids


def digest(values: Mapping[str, str]) -> str:
    text = json.dumps(values, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:40]
