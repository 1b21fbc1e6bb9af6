from __future__ import annotations

import pytest

from surveys.demo.shape import Sizes
from tests.surveys.demo.made import SMALL, USUAL, answers_of, contacts_of, make


def test_same_seed_makes_the_same_world() -> None:
    assert make(SMALL, seed=7) == make(SMALL, seed=7)


def test_other_seed_makes_another_world() -> None:
    assert make(SMALL, seed=7) != make(SMALL, seed=8)


@pytest.mark.parametrize(
    "sizes",
    [
        USUAL,
        Sizes(customers=40, respondents=90, responses=60, months=12),
        Sizes(customers=3, respondents=2, responses=40, months=6),
        Sizes(customers=20, respondents=60, responses=0, months=24),
    ],
)
def test_world_has_exactly_the_sizes_asked_for(sizes: Sizes) -> None:
    made = make(sizes)

    found = (len(made), len(contacts_of(made)), len(answers_of(made)))
    assert found == (sizes.customers, sizes.respondents, sizes.responses)
