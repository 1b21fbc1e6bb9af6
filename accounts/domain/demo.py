"""The log-ins of the demo: printed at its first start and written in every copy of this code."""

from __future__ import annotations

from accounts.domain.roles import Role

DEMO_PASSWORD = "koe-demo-2026"  # noqa: S105 - anybody may know it, so https closes its log-ins
DEMO_STAFF = {
    "cs@koe.example": ("Chika Sawada", Role.CS),
    "admin@koe.example": ("Aidan Minshull", Role.ADMIN),
    "viewer@koe.example": ("Vera Wakai", Role.VIEWER),
}
