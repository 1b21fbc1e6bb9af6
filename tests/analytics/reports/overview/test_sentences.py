"""Findings in words."""

from __future__ import annotations

import pytest

from analytics.domain.findings import FindingKind
from analytics.reports.overview.findings import Finding
from analytics.reports.overview.sentences import sentence

pytestmark = pytest.mark.django_db


def test_a_sentence_never_ends_an_interval_with_a_false_0() -> None:
    finding = Finding(FindingKind.NPS_ROSE, "", 18.6, 0.3, 36.9, 0.047)

    assert "(95 % interval +0.3 to +36.9, p = 0.047)" in sentence(finding)
