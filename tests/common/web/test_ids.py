from __future__ import annotations

import pytest

from common.web.ids import id_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", 12), ("9" * 18, 10**18 - 1), ("0", 0),
        *((text, None) for text in ("", None, "-1", "1.5", "x", "１２", "²", "9" * 19, "9" * 5000)),
    ],
)  # fmt: skip
def test_an_id_is_a_few_ascii_digits(text: str | None, expected: int | None) -> None:
    assert id_in(text) == expected
