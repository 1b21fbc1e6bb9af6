"""One frozen object per report: the page, the chart, the file and the command show the same one."""

from __future__ import annotations

from analytics.reports.outcomes import OutcomeReport, outcome_report
from analytics.reports.retention import RetentionReport, retention_report
from analytics.reports.segments import SegmentReport, SegmentRow, segment_report
from analytics.reports.trend import TrendReport, trend_report

__all__ = [
    "OutcomeReport",
    "RetentionReport",
    "SegmentReport",
    "SegmentRow",
    "TrendReport",
    "outcome_report",
    "retention_report",
    "segment_report",
    "trend_report",
]
