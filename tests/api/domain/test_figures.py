from __future__ import annotations

from api.domain.figures import metrics_of


def test_the_example_of_delighted_comes_out_as_documented() -> None:
    assert metrics_of({9: 30, 10: 2, 8: 13, 6: 5, 0: 1}) == {
        "nps": 51,
        "promoter_count": 32,
        "promoter_percent": 63,
        "passive_count": 13,
        "passive_percent": 25,
        "detractor_count": 6,
        "detractor_percent": 12,
        "response_count": 51,
    }


def test_the_difference_is_rounded_and_not_made_of_rounded_parts() -> None:
    figures = metrics_of({9: 3, 8: 3, 0: 2})

    assert (figures["promoter_percent"], figures["detractor_percent"]) == (38, 25)
    assert figures["nps"] == 13  # 12.5
    assert metrics_of({0: 1, 9: 0, 8: 7})["nps"] == -13


def test_no_answers_are_zeros() -> None:
    assert set(metrics_of({}).values()) == {0}
