"""How often intervals hold and tests err, counted over every outcome."""

from __future__ import annotations

import pytest

from tests.analytics.management.calculations.calculating import calculate, refused


def test_one_mix_and_four_hundred() -> None:
    one = calculate("coverage", "--mix", 15, 30, 55, "--answers", 12)
    many = calculate("coverage", "--answers", 12)

    assert (one["mixes"], many["mixes"]) == (1, 400)
    assert one["score"]["mean"] == one["score"]["lowest"]
    assert many["wald"]["lowest"] < many["wald"]["mean"] < many["adjusted_wald"]["mean"]
    assert "trinomial_t" not in calculate("coverage", "--mix", 1, 1, 1, "--answers", 1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["coverage", "--answers", 0], "from 1 to 200"),
        (["coverage", "--answers", 201], "from 1 to 200"),
        (["coverage", "--mix", -1, 1, 1, "--answers", 5], "0 or more"),
        (["false_alarms", "--mix", 1, 1, 1, "--answers", 0, 5], "from 1 on"),
        (["false_alarms", "--mix", 1, 1, 1, "--answers", 200, 200], "at most"),
    ],
)
def test_work_without_end_is_refused(words, said) -> None:
    assert said in refused(*words)
