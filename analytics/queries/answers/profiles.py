"""Segment profiles: which values were frozen together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accounts.domain.segments import UNKNOWN
from accounts.models import Dimension, SegmentProfile
from analytics.queries.database.cache import BoundedCache
from analytics.queries.database.snapshot import once

BATCH = 500
_values: BoundedCache[dict[str, str]] = BoundedCache(size=50_000)

# An invitation that nothing was frozen on: every value of it is unknown.
NO_PROFILE = 0


def all_profiles() -> dict[int, Mapping[str, str]]:
    """The frozen values by profile id."""
    return once("profiles", _read_profiles)


def _read_profiles() -> dict[int, Mapping[str, str]]:
    """A process reads the values of a profile once."""
    digests = dict(SegmentProfile.objects.values_list("pk", "digest"))
    found: dict[int, Mapping[str, str]] = {NO_PROFILE: {}}
    missing = []
    for pk, digest in digests.items():
        values = _values.get(digest)
        if values is None:
            missing.append(pk)
        else:
            found[pk] = values
    for start in range(0, len(missing), BATCH):
        chunk = missing[start : start + BATCH]
        for pk, values in SegmentProfile.objects.filter(pk__in=chunk).values_list("pk", "values"):
            _values.put(digests[pk], values, size=1)
            found[pk] = values
    return found


class Segments:
    """Numbers for the combinations of some dimensions, so that columns can be counted by them."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self.keys: list[tuple[str, ...]] = []
        self._numbers: dict[tuple[str, ...], int] = {}

    def __len__(self) -> int:
        return len(self.keys)

    def number(self, values: Mapping[str, str]) -> int:
        key = tuple(str(values.get(name, UNKNOWN)) for name in self.names)
        if key not in self._numbers:
            self._numbers[key] = len(self.keys)
            self.keys.append(key)
        return self._numbers[key]

    def find(self, key: tuple[str, ...]) -> int | None:
        return self._numbers.get(key)


def numbers_by_profile(
    profiles: Mapping[int, Mapping[str, str]],
    *,
    segments: Segments,
    where: Mapping[str, Sequence[str]],
) -> NDArray[np.int64]:
    """The segment's number at each profile's id; -1 where the profile is filtered out."""
    numbers = np.full(max(profiles, default=0) + 1, -1, dtype=np.int64)
    for pk, values in profiles.items():
        if all(str(values.get(name, UNKNOWN)) in wanted for name, wanted in where.items()):
            numbers[pk] = segments.number(values)
    return numbers


def segment_order(dimensions: Sequence[Dimension]) -> Callable[[tuple[str, ...]], Any]:
    """Bands from low to high, other values by their text, what is not known last."""
    labels = [each.definition.bands.labels if each.definition.bands else () for each in dimensions]
    places = [{label: place for place, label in enumerate(each)} for each in labels]

    def rank(key: tuple[str, ...]) -> list[tuple[bool, int, str]]:
        pairs = zip(key, places, strict=True)
        return [(value == UNKNOWN, known.get(value, len(known)), value) for value, known in pairs]

    return rank
