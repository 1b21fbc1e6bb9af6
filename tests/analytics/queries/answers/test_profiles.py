from __future__ import annotations

import pytest

from accounts.models import SegmentProfile
from analytics.queries.answers import profiles
from analytics.queries.answers.profiles import (
    NO_PROFILE,
    Segments,
    all_profiles,
    numbers_by_profile,
)
from analytics.queries.database.cache import BoundedCache

VALUES = {NO_PROFILE: {}, 2: {"plan": "gold", "size": "small"}, 5: {"plan": "tin", "size": "small"}}


@pytest.fixture(autouse=True)
def _nothing_read(monkeypatch) -> None:
    monkeypatch.setattr(profiles, "_values", BoundedCache(size=50))
    monkeypatch.setattr(profiles, "BATCH", 2)


@pytest.mark.django_db
def test_values_are_read_once_and_digests_every_time(django_assert_num_queries) -> None:
    made = {
        SegmentProfile.objects.create(digest=plan, values={"plan": plan}).pk: {"plan": plan}
        for plan in "abcde"
    }

    with django_assert_num_queries(1 + 3):
        assert all_profiles() == {NO_PROFILE: {}, **made}
    new = SegmentProfile.objects.create(digest="f", values={"plan": "f"})
    SegmentProfile.objects.filter(digest="a").delete()

    with django_assert_num_queries(1 + 1):
        found = all_profiles()
    assert [each["plan"] for pk, each in sorted(found.items()) if pk] == list("bcdef")
    assert found[new.pk] == {"plan": "f"}


def test_each_profile_has_the_number_of_its_segment() -> None:
    segments = Segments(["size"])

    numbers = numbers_by_profile(VALUES, segments=segments, where={})

    # 1, 3 and 4 are no profiles.
    assert numbers.tolist() == [0, -1, 1, -1, -1, 1]
    assert segments.keys == [("",), ("small",)]
    assert (segments.find(("small",)), segments.find(("large",)), len(segments)) == (1, None, 2)


def test_a_filtered_one_makes_no_segment() -> None:
    segments = Segments(["plan"])
    where = {"plan": ["gold", ""], "size": ["small"]}

    assert numbers_by_profile(VALUES, segments=segments, where=where).tolist() == [
        -1,
        -1,
        0,
        *[-1] * 3,
    ]
    assert segments.keys == [("gold",)]
    assert numbers_by_profile({}, segments=segments, where={}).tolist() == [-1]


def test_without_dimensions_all_are_one_segment() -> None:
    segments = Segments(())

    assert set(numbers_by_profile(VALUES, segments=segments, where={}).tolist()) == {-1, 0}
    assert segments.keys == [()]
