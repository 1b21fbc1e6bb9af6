"""NPS of one group of answers. One answer is worth -1, 0 or +1; NPS is the mean times 100."""

from __future__ import annotations

from dataclasses import dataclass

POINTS = 100.0


# By keyword only: sources disagree on whether detractors or promoters come first.
@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    detractors: int = 0
    passives: int = 0
    promoters: int = 0

    @property
    def responses(self) -> int:
        return self.detractors + self.passives + self.promoters

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            detractors=self.detractors + other.detractors,
            passives=self.passives + other.passives,
            promoters=self.promoters + other.promoters,
        )

    def __sub__(self, other: Counts) -> Counts:
        return Counts(
            detractors=self.detractors - other.detractors,
            passives=self.passives - other.passives,
            promoters=self.promoters - other.promoters,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Effective:
    """As Counts, of so many answers as theirs are worth: no whole numbers."""

    detractors: float = 0.0
    passives: float = 0.0
    promoters: float = 0.0

    @property
    def responses(self) -> float:
        return self.detractors + self.passives + self.promoters


def nps(counts: Counts) -> float | None:
    if counts.responses == 0:
        return None
    return POINTS * (counts.promoters - counts.detractors) / counts.responses
