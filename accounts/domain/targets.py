"""What an organisation wants its figures to be. Whether it is so is said in `analytics`."""

from __future__ import annotations

from enum import StrEnum


class Metric(StrEnum):
    NPS = "nps"
    RESPONSE_RATE = "response_rate"
    CUSTOMER_CHURN_RATE = "customer_churn_rate"
    NRR = "nrr"
    GRR = "grr"
    CSAT = "csat"

    @property
    def at_most(self) -> bool:
        """Of churn one wants little; of all else much."""
        return self is Metric.CUSTOMER_CHURN_RATE

    @property
    def is_rate(self) -> bool:
        return self is not Metric.NPS

    @property
    def limits(self) -> tuple[int, int]:
        """What a target can be, in the unit of the reports: points, or fractions of 1."""
        if self is Metric.NPS:
            return -100, 100
        return (0, 10) if self is Metric.NRR else (0, 1)
