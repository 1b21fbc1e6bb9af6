from __future__ import annotations

from accounts.services.imports.rows.seen import First, Seen


def test_a_key_is_found_again_with_its_line_and_whether_all_was_the_same() -> None:
    seen = Seen()
    for line in range(2, 20_002):
        assert seen.first(("C1", line), line=line, content=("a", line)) is None

    assert seen.first(("C1", 2), line=30_000, content=("a", 2)) == First(2, same=True)
    assert seen.first(("C1", 20_001), line=30_001, content=("b", 1)) == First(20_001, same=False)
    assert seen.first(("C2", 2), line=30_002, content=("a", 2)) is None
    assert seen.first("C3", line=30_003, content=(-1,)) is None
    assert seen.first("C3", line=30_004, content=(-2.0,)) == First(30_003, same=False)


def test_keys_that_begin_at_one_slot_are_told_apart() -> None:
    seen = Seen()
    keys = [number << 12 for number in range(1, 1000)]
    for line, key in enumerate(keys, start=2):
        assert seen.first(key, line=line, content=()) is None

    found = [seen.first(key, line=5000, content=()) for key in keys]

    assert found == [First(line, same=True) for line in range(2, 1001)]
