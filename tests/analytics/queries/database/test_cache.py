from __future__ import annotations

from analytics.queries.database.cache import BoundedCache


def held(cache: BoundedCache[str]) -> str:
    return "".join(key for key in "abcd" if cache.get(key))


def test_what_was_not_asked_for_longest_makes_room() -> None:
    cache: BoundedCache[str] = BoundedCache(size=3)
    for key in "abc":
        cache.put(key, key.upper(), size=1)
    assert cache.get("a") == "A"

    cache.put("d", "D", size=1)

    assert cache.get("b") is None
    assert held(cache) == "acd"


def test_a_large_one_makes_room_for_all_of_itself_and_stays_though_it_is_too_large() -> None:
    cache: BoundedCache[str] = BoundedCache(size=3)
    for key in "ab":
        cache.put(key, key, size=1)

    cache.put("c", "c", size=3)
    assert held(cache) == "c"
    cache.put("d", "d", size=99)

    assert held(cache) == "d"


def test_what_two_threads_have_read_counts_once() -> None:
    cache: BoundedCache[str] = BoundedCache(size=3)
    for _ in range(3):
        cache.put("a", "a", size=1)

    cache.put("b", "b", size=2)

    assert held(cache) == "ab"


def test_what_made_room_is_not_counted_any_more() -> None:
    cache: BoundedCache[str] = BoundedCache(size=2)
    for key in "abab":
        cache.put(key, key, size=2)

    cache.put("c", "c", size=1)
    cache.put("d", "d", size=1)

    assert held(cache) == "cd"
