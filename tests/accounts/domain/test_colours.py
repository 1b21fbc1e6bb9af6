from __future__ import annotations

import pytest

from accounts.domain.colours import DARK, TEXT, contrast, darker, in_the_dark, is_readable, tint


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert [is_readable(each) for each in ("#777777", "#767676", "#ffff00")] == [False, True, False]


@pytest.mark.parametrize("colour", ["#000000", "#1d5fa8", "#b00020", "#006633", "#767676"])
def test_a_readable_colour_is_read_on_every_ground_that_is_made_of_it(colour: str) -> None:
    assert contrast(in_the_dark(colour), DARK) >= TEXT
    assert contrast(darker(colour), tint(colour)) >= TEXT
