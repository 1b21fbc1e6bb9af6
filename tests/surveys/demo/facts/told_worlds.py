"""Companies of the usual world with what is told of them."""

from __future__ import annotations

from surveys.demo.companies import Window
from surveys.demo.facts.told import Told
from tests.surveys.demo.made import NOW, World

WINDOW = Window(NOW, 24)


def told_of(made: World) -> list[Told]:
    return [Told(company, WINDOW) for company, _ in made]
