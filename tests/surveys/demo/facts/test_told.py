from __future__ import annotations

from surveys.demo.facts.told import Told
from tests.surveys.demo.facts.told_worlds import WINDOW
from tests.surveys.demo.made import SMALL, World, make


def everything(made: World) -> list[object]:
    told = [Told(company, WINDOW) for company, _ in made[:40]]
    return [
        (
            each.sold,
            each.renewals,
            each.terms,
            each.why_it_left,
            each.usage,
            each.events,
            each.pulses,
        )
        for each in told
    ]


def test_the_same_company_has_the_same_facts_however_the_rest_is_drawn(usual: World) -> None:
    assert everything(usual) == everything(usual)
    assert everything(make(SMALL, seed=7)) == everything(make(SMALL, seed=7))
    assert everything(make(SMALL, seed=7)) != everything(make(SMALL, seed=8))
