"""The root causes that Koe offers; an organisation adds its own and hides what it does not use."""

from __future__ import annotations

from enum import StrEnum


class Cause(StrEnum):
    PRICE = "price"
    MISSING_FEATURE = "missing_feature"
    USABILITY = "usability"
    RELIABILITY = "reliability"
    SUPPORT = "support"
    ONBOARDING = "onboarding"
    EXPECTATION = "expectation"
    CUSTOMERS_SIDE = "customers_side"
    UNKNOWN = "unknown"
