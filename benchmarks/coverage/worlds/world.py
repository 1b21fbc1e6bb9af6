"""A world whose truth is known, drawn many times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

# Per draw: low, high and the truth; nothing where the page would withhold it.
Drawn = tuple[float | None, float | None, float] | None
Rng = np.random.Generator
LOWEST, HIGHEST = 0.93, 0.97
MOST_DRAWS = 10_000


@dataclass(frozen=True, slots=True)
class World:
    interval: str
    world: str
    draw: Callable[[Rng, int], Sequence[Drawn]]
    # At most so often it may hold the truth; docs/decisions/0022 says where more is allowed.
    highest: float = HIGHEST
    # Where a draw takes long, so many of them at most.
    draws: int = MOST_DRAWS


def one_by_one(draw: Callable[..., Drawn], **settings: Any) -> Callable[[Rng, int], list[Drawn]]:
    """Of what draws one, all of them."""
    once = partial(draw, **settings)
    return lambda rng, draws: [once(rng) for _ in range(draws)]
