"""Who is whom, where persons turned out to be one. Merges are made by hand: there are few."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import Person


def merges() -> dict[int, int]:
    """Of each person who was merged away, who they turned out to be in the end."""
    rows = Person.objects.filter(merged_into__isnull=False).values_list("pk", "merged_into_id")
    into = dict(rows)
    return {person: _end(person, into) for person in into}


def kept_ids(person_ids: Iterable[int]) -> dict[int, int]:
    """Whom each of the persons turned out to be; themselves where nobody merged them."""
    known = merges()
    return {each: known.get(each, each) for each in person_ids}


def members_of(person_ids: Iterable[int]) -> dict[int, int]:
    """The ids under which the persons are known, their own and those merged into them: of whom."""
    wanted = set(person_ids)
    merged = {gone: kept for gone, kept in merges().items() if kept in wanted}
    return {each: each for each in wanted} | merged


def families_of(person_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """All ids under which each of the persons is known, whoever was merged into whom."""
    known = merges()
    members: dict[int, list[int]] = {}
    for gone, kept in known.items():
        members.setdefault(kept, [kept]).append(gone)
    ends = {each: known.get(each, each) for each in person_ids}
    return {each: tuple(members.get(end, [end])) for each, end in ends.items()}


def _end(person: int, into: dict[int, int]) -> int:
    while person in into:
        person = into[person]
    return person
