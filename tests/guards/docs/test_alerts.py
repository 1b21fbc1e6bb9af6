"""Each alert rule asks for metrics that there are, and has its heading in the runbook."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.utils import timezone

from common.monitoring.prometheus import registry

ROOT = Path(__file__).resolve().parents[3]
RULES = ROOT / "deploy" / "monitoring" / "alerts.yml"
RUNBOOK = ROOT / "docs" / "runbook.md"


def rules() -> list[dict[str, Any]]:
    read = yaml.safe_load(RULES.read_text())
    return [rule for group in read["groups"] for rule in group["rules"]]


def asked_for(expression: str) -> set[str]:
    return set(re.findall(r"\bkoe_\w+", expression))


def labels_asked_for(expression: str) -> list[tuple[str, str, str]]:
    """(metric, label, a value of it)"""
    return [
        (metric, label, value)
        for metric, selector in re.findall(r"(koe_\w+)\{([^}]*)\}", expression)
        for label, values in re.findall(r'(\w+)=~?"([^"]*)"', selector)
        for value in values.split("|")
    ]


@pytest.mark.django_db
def test_every_rule_asks_for_metrics_and_labels_that_there_are(redis_url, settings) -> None:
    from accounts.models import Import
    from tests.surveys.working import background_works

    settings.REDIS_URL = redis_url
    now = timezone.now()
    background_works(now=now)
    for kind in Import.Kind:
        Import.objects.create(kind=kind, state="done", file_name="f", finished_at=now)
    there: dict[str, set[tuple[str, str]]] = {}
    for family in registry(now=now).collect():
        for sample in family.samples:
            there.setdefault(sample.name, set()).update(sample.labels.items())

    expressions = [rule["expr"] for rule in rules()]

    assert set().union(*map(asked_for, expressions)) - set(there) == set()
    assert [
        each
        for expression in expressions
        for each in labels_asked_for(expression)
        if each[1:] not in there[each[0]]
    ] == []


def test_every_alert_has_its_heading_and_every_heading_its_alert() -> None:
    headings = re.findall(r"^## (Koe\w+)$", RUNBOOK.read_text(), re.MULTILINE)

    assert headings == [rule["alert"] for rule in rules()]
    assert all(rule["annotations"]["summary"] and rule["labels"]["severity"] for rule in rules())
