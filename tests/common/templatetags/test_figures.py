from __future__ import annotations

import pytest

from common.templatetags import figures


@pytest.mark.parametrize(
    ("low", "high", "digits", "texts"),
    [
        # Beside p = 0.047 “0 to +37” seems to say otherwise.
        (0.3, 36.8, 0, ("+0.3", "+36.8")),
        (-36.8, -0.3, 0, ("−36.8", "−0.3")),
        (-0.04, 2.0, 1, ("−0.04", "+2.00")),
        (-12.4, 3.0, 0, ("−12", "+3")),
        (0.0, 3.4, 0, ("0", "+3")),
    ],
)
def test_the_end_of_an_interval_looks_like_0_only_where_it_is(
    low: float, high: float, digits: int, texts: tuple[str, str]
) -> None:
    assert figures.write_limits(low, high, digits=digits) == texts
