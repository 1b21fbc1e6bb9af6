"""The figures of the overview that an organisation may want to reach something with.

Which targets there can be says the catalogue of metrics in `analytics`, and whether they are met.
"""

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
