from __future__ import annotations

from surveys.queries.metrics import metric_lines

__all__ = ["metric_lines"]
