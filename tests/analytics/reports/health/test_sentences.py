from __future__ import annotations

from dataclasses import replace

import pytest

from analytics.domain.health.evidence.proof import Predictor, Proof
from analytics.domain.statistics.interval import Interval
from analytics.reports.health.sentences import verdict_sentence

PART = Predictor("voice", 100, 0.7, Interval(0.6, 0.8), Interval(-0.1, 0.1))


def proof(low: float, high: float, part: Predictor = PART, churned: int = 50) -> Proof:
    score = Predictor("score", 100, (low + high) / 2, Interval(low, high))
    return Proof(3, 100, 300, churned, churned, 0, (score, part), (), (), ())


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (proof(0.4, 0.6), "cannot be told from chance"),
        (proof(0.2, 0.4), "points the wrong way"),
        (proof(0.6, 0.8), "but no better than voice alone"),
        (
            proof(0.6, 0.8, replace(PART, below_score=Interval(-0.2, -0.1))),
            "voice alone does better",
        ),
        (proof(0.6, 0.8, replace(PART, below_score=Interval(0.1, 0.2))), "than any single measure"),
        (proof(0.6, 0.8, Predictor("voice", 0)), "better than chance."),
        (proof(0.6, 0.8, churned=19), "under 20 chance decides"),
    ],
)
def test_the_sentence_says_what_the_intervals_allow(found: Proof, said: str) -> None:
    assert said in verdict_sentence(found)
