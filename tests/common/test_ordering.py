from __future__ import annotations

import pytest

from common.ordering import known_first


@pytest.mark.parametrize(("falling", "expected"), [(False, "bcad"), (True, "cabd")])
def test_the_unknown_comes_last_either_way_and_equals_keep_their_order(
    falling: bool, expected: str
) -> None:
    values = {"a": 2, "b": 1, "c": 2, "d": None}

    ordered = known_first("cabd", value=values.get, falling=falling)

    assert "".join(ordered) == expected
