from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from analytics.domain.health.evidence.proof import Predictor, Proof
from analytics.domain.statistics.interval import Interval
from analytics.queries.health.forecasts import Graded
from analytics.reports.health.sentences import graded_sentences, verdict_sentence

PART = Predictor("voice", 100, 0.7, Interval(0.6, 0.8), Interval(-0.1, 0.1))


def proof(low: float, high: float, part: Predictor = PART, churned: int = 50) -> Proof:
    score = Predictor("score", 100, (low + high) / 2, Interval(low, high))
    return Proof(3, 100, 300, churned, churned, 0, (score, part), (), (), ())


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (proof(0.4, 0.6), "cannot be told from chance"),
        (proof(0.2, 0.4), "points the wrong way"),
        (proof(0.6, 0.8), "but no better than “Last score” alone"),
        (
            proof(0.6, 0.8, replace(PART, below_score=Interval(-0.2, -0.1))),
            "“Last score” alone does better",
        ),
        (proof(0.6, 0.8, replace(PART, below_score=Interval(0.1, 0.2))), "than any single measure"),
        (proof(0.6, 0.8, Predictor("voice", 0)), "better than chance."),
        (proof(0.6, 0.8, churned=19), "under 20 chance decides"),
    ],
)
def test_the_sentence_says_what_the_intervals_allow(found: Proof, said: str) -> None:
    assert said in verdict_sentence(found, labels={"voice": "Last score"})


def test_what_was_expected_stands_beside_what_came_over_all_days_that_are_graded() -> None:
    def said(month: int, band: str, expected: float | None, left: int | None) -> Graded:
        return Graded(dt.date(2026, month, 1), band, 90, 20, expected, left)

    rows = [
        said(9, "risk", 5.0, None),
        said(6, "risk", 6.3, 8),
        said(5, "risk", 6.1, 5),
        said(5, "good", None, 1),
    ]

    assert graded_sentences(rows) == ["40 in “risk”: 13 left, 12.4 expected."]
