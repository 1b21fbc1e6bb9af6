from __future__ import annotations

from analytics.models.cells import CellBlock, InvitationBlock
from analytics.models.health import HealthForecast, HealthFormula, HealthOverride, HealthScore
from analytics.models.targets import TargetStatus

__all__ = [
    "CellBlock",
    "HealthForecast",
    "HealthFormula",
    "HealthOverride",
    "HealthScore",
    "InvitationBlock",
    "TargetStatus",
]
