"""Whether a period says anything of a figure that the definitions give all the same."""

from __future__ import annotations

from datetime import date

from analytics.domain.customers.revenue import has_month_end
from analytics.domain.periods import Period

CUSTOMER_FIGURES = frozenset({"customer_churn_rate", "customer_retention_rate"})
REVENUE_FIGURES = frozenset({"revenue_churn_rate", "grr", "nrr", "net_revenue_churn_rate"})


def lies_ahead(period: Period, *, today: date) -> bool:
    return period.start > today


def is_meaningful(figure: str, *, period: Period, today: date) -> bool:
    """False for customers of days to come, and for revenue that is compared with itself."""
    if figure in CUSTOMER_FIGURES:
        return not lies_ahead(period, today=today)
    return figure not in REVENUE_FIGURES or has_month_end(period)
