"""The demo's organisation, and its log-ins: written in every copy of this code."""

from __future__ import annotations

from accounts.domain.access.roles import Role

DEMO_ORGANISATION = "Koe Demo"
DEMO_ADDRESS = "1-1-1 Chiyoda, Chiyoda-ku, Tokyo 100-0001, Japan"
DEMO_SENDER = "survey@koe.example"
DEMO_PASSWORD = "koe-demo-2026"  # noqa: S105 - anybody may know it, so https closes its log-ins
DEMO_STAFF = {
    "cs@koe.example": ("Chika Sawada", Role.CS),
    "admin@koe.example": ("Aidan Minshull", Role.ADMIN),
    "viewer@koe.example": ("Vera Wakai", Role.VIEWER),
}
