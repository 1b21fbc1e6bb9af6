"""The bars of a waterfall: where each movement of MRR begins and ends."""

from __future__ import annotations

from typing import Any

from analytics.reports import RetentionReport


def waterfall(report: RetentionReport, *, labels: dict[str, str]) -> list[dict[str, Any]]:
    moved = report.movements
    if moved is None:
        return []
    rows, level = [], 0.0
    for name, label in labels.items():
        amount = getattr(moved, name)
        if name in ("start", "end"):
            kind, start, level = "level", 0.0, amount
        else:
            sign = -1 if name in ("contraction", "churned") else 1
            kind, start, level = ("up" if sign > 0 else "down"), level, level + sign * amount
        mark = {"level": "", "up": "+", "down": "−"}[kind]
        rows.append(
            {
                "label": label,
                "kind": kind,
                "from": start,
                "to": level,
                "top": max(start, level),
                "shown": f"{mark}{amount:,.0f}",
            }
        )
    return rows
