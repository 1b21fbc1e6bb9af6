"""The formulas in force, as rules."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Dimension
from analytics.domain.health.formulas.formula import Formula
from analytics.domain.health.formulas.parsing import parse_formula
from analytics.models import HealthFormula
from analytics.models.health import HealthFormulaQuerySet


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a formula with what it says."""

    pk: int
    version: int
    formula: Formula

    @property
    def name(self) -> str:
        return self.formula.name


def all_versions() -> HealthFormulaQuerySet:
    return HealthFormula.objects.order_by("position", "name", "-version")


def version_of(row: HealthFormula) -> Version:
    return Version(row.pk, row.version, parse_formula(row.definition))


def formulas_in_force() -> list[Version]:
    """In the order in which they are tried."""
    return [version_of(row) for row in HealthFormula.objects.in_force()]


def customer_dimensions() -> dict[str, str]:
    """What a formula may be limited to: names, and what a reader calls them."""
    rows = Dimension.objects.filter(source=Dimension.Source.CUSTOMER).order_by("position", "name")
    return {row.name: str(row) for row in rows}
