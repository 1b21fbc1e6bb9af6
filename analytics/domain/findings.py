"""What the overview can say in a sentence."""

from __future__ import annotations

from enum import StrEnum


class FindingKind(StrEnum):
    NPS_ROSE = "nps_rose"
    NPS_FELL = "nps_fell"
    NPS_STEADY = "nps_steady"
    RESPONSE_RATE_ROSE = "response_rate_rose"
    RESPONSE_RATE_FELL = "response_rate_fell"
    CHURN_ROSE = "churn_rose"
    CHURN_FELL = "churn_fell"
    NRR_ROSE = "nrr_rose"
    NRR_FELL = "nrr_fell"
    SEGMENT_ROSE = "segment_rose"
    SEGMENT_FELL = "segment_fell"
    GROUP_LEAVES_MORE = "group_leaves_more"
    GROUPS_DIFFER = "groups_differ"
