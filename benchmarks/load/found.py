"""What a run has found, as figures and as the table of docs/load.md."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from typing import Any

START, END = "<!-- load: written by make bench ARGS=load -->\n", "<!-- end -->"
LABELS = {
    "answer page": "GET of the page of a link",
    "answer": "POST of an answer",
    "staff page": "pages of staff, one after the other",
    "report": "reports and downloads",
    "import": "an import of 5,000 rows, from its upload to its last row",
    "mail": "an e-mail, from its campaign's launch to its acceptance",
}


def figures(milliseconds: Sequence[float], *, errors: int) -> dict[str, float]:
    if len(milliseconds) < 2:
        one = milliseconds[0] if milliseconds else 0.0
        return {"n": len(milliseconds), "p50": one, "p95": one, "p99": one, "errors": errors}
    cuts = statistics.quantiles(milliseconds, n=100, method="inclusive")
    return {
        "n": len(milliseconds), "errors": errors,
        "p50": round(cuts[49]), "p95": round(cuts[94]), "p99": round(cuts[98]),
    }  # fmt: skip


def parts_of(found: dict[str, Any]) -> list[tuple[str, dict[str, float]]]:
    return [(name, found["parts"][name]) for name in LABELS if name in found["parts"]]


def table(found: dict[str, Any]) -> str:
    lines = ["| what | how many | p50 | p95 | p99 | errors |", "|---|---|---|---|---|---|"]
    for name, part in parts_of(found):
        seconds = [f"{part[key] / 1000:.2f} s" for key in ("p50", "p95", "p99")]
        cells = [LABELS[name], f"{part['n']:,}", *seconds, f"{part['errors']:,}"]
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "| process | MB at the beginning | MB at the most |", "|---|---|---|"]
    lines += [f"| {name} | {a:.0f} | {b:.0f} |" for name, (a, b) in sorted(found["memory"].items())]
    counted = "; ".join(f"{name}: {number:,}" for name, number in found["counted"].items())
    about = (
        f"{found['minutes']:g} minutes on {found['at']}, {found['cores']} cores, load of the "
        f"machine before it {found['load_before']:.1f}. {counted}."
    )
    return "\n".join([about, "", *lines, ""])


def page_of(text: str, found: dict[str, Any]) -> str:
    pattern = f"{re.escape(START)}.*?{re.escape(END)}"
    return re.sub(pattern, lambda _: f"{START}{table(found)}{END}", text, flags=re.DOTALL)
