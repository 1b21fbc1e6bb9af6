"""Curves of customers still there, told apart without colour and said without a picture."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from analytics.charts.outcomes import GROUP_COLOURS, GROUP_DASHES, survival_alt, survival_chart
from analytics.domain.customers.follow_up import NO_ANSWER
from analytics.domain.customers.outcomes import OutcomeRow
from analytics.domain.statistics.survival import SurvivalPoint
from surveys.domain.answers.scoring import Category

START = SurvivalPoint(0, 1.0, 1.0, 1.0, 40)


def row(group: str, *points: SurvivalPoint) -> OutcomeRow:
    return OutcomeRow(group, 40, 0, None, None, None, None, None, None, 0.0, None, points)


ROWS = [
    row(Category.PROMOTER, START, SurvivalPoint(91, 0.975, 0.9, 0.99, 39)),
    row(Category.PASSIVE),
    row(NO_ANSWER, START, SurvivalPoint(1_200, 0.0, None, None, 0)),
]


def test_every_group_has_a_colour_and_a_dash_of_its_own() -> None:
    groups = {*Category, NO_ANSWER}

    assert GROUP_COLOURS.keys() == GROUP_DASHES.keys() == groups
    assert len(set(GROUP_COLOURS.values())) == len({*map(tuple, GROUP_DASHES.values())}) == 4


def test_only_groups_with_a_curve_are_in_the_legend_with_their_own_colours() -> None:
    spec = survival_chart(ROWS)

    _band, line = (layer["encoding"] for layer in spec["layer"])
    assert line["color"]["scale"] == {
        "domain": ["Promoters", "No answer"],
        "range": [GROUP_COLOURS[Category.PROMOTER], GROUP_COLOURS[NO_ANSWER]],
    }
    assert line["strokeDash"]["scale"]["range"] == [
        GROUP_DASHES[Category.PROMOTER],
        GROUP_DASHES[NO_ANSWER],
    ]
    assert line["color"]["legend"]["orient"] == "top"
    # To the first tick behind the last day.
    assert line["x"]["axis"]["values"] == list(range(0, 1_261, 90))
    assert line["x"]["axis"]["values"][-1] >= 1_200


def test_a_curve_goes_in_steps_through_its_points() -> None:
    spec = survival_chart(ROWS)

    (points,) = spec["datasets"].values()
    assert [layer["mark"]["interpolate"] for layer in spec["layer"]] == ["step-after"] * 2
    assert [(each["group"], each["day"], each["survival"], each["n"]) for each in points] == [
        ("Promoters", 0, 1.0, 40),
        ("Promoters", 91, 0.975, 39),
        ("No answer", 0, 1.0, 40),
        ("No answer", 1_200, 0.0, 0),
    ]
    assert points[1]["shown"] == "97.5%"
    # Once nobody is left there is no interval.
    assert (points[3]["low"], points[3]["high"]) == (None, None)


@pytest.mark.parametrize(
    ("language", "words", "nobody"),
    [
        (
            "en",
            "Promoters: 97.5\xa0% still customers after 91 days. "
            "No answer: 0.0\xa0% still customers after 1,200 days.",
            "No group is large enough for a line.",
        ),
        (
            "ja",
            "推奨者：91 日後も 97.5% が継続。 未回答：1,200 日後も 0.0% が継続。",
            "線を描けるだけの顧客がいるグループはありません。",
        ),
    ],
)
def test_the_words_say_where_each_line_ends(language: str, words: str, nobody: str) -> None:
    with override(language):
        assert survival_alt(ROWS) == words
        assert survival_alt([row(Category.PASSIVE)]) == nobody


def test_without_a_curve_there_is_no_legend_and_no_day() -> None:
    _band, line = (layer["encoding"] for layer in survival_chart([row(Category.PASSIVE)])["layer"])

    assert line["color"]["legend"] is line["strokeDash"]["legend"] is None
    assert line["x"]["axis"]["values"] == [0]
