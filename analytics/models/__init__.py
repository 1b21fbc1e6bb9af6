from __future__ import annotations

from analytics.models.cells import CellBlock, InvitationBlock
from analytics.models.health import HealthForecast, HealthFormula, HealthOverride, HealthScore

__all__ = [
    "CellBlock",
    "HealthForecast",
    "HealthFormula",
    "HealthOverride",
    "HealthScore",
    "InvitationBlock",
]
