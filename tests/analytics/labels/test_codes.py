from __future__ import annotations

from accounts.domain.targets import Metric
from analytics.domain.findings import FindingKind
from analytics.domain.verdicts import STATUS, Verdict
from analytics.labels.codes import WORDS


def test_every_code_that_a_rule_can_give_has_its_word() -> None:
    assert set(Metric) | set(FindingKind) <= set(WORDS["figure"])
    assert set(Metric) <= set(WORDS["metric"])
    assert set(Verdict) <= set(WORDS["verdict"])
    assert set(STATUS.values()) <= set(WORDS["status"])
