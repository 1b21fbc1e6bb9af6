from __future__ import annotations

from pathlib import Path

from django.conf import settings

from analytics.domain.metrics.catalogue import CATALOGUE
from analytics.domain.metrics.shares import SHARES
from analytics.domain.metrics.times import TIMES


def test_a_key_stands_once_and_what_needs_facts_has_its_rule() -> None:
    keys = [each.key for each in CATALOGUE]

    assert len(keys) == len(set(keys))
    assert {each.key for each in CATALOGUE if each.needs} == SHARES.keys() | TIMES.keys()


def test_of_several_kinds_one_is_enough_where_the_metric_says_so() -> None:
    by_key = {each.key: each for each in CATALOGUE}

    assert by_key["repurchase_rate"].lacks({"events:renewed"}) == []
    assert by_key["repurchase_rate"].lacks(()) == ["events:purchased", "events:renewed"]
    assert by_key["resolution_rate"].lacks({"events:ticket_opened"}) == ["events:ticket_resolved"]


def test_the_glossary_says_of_every_metric_what_the_catalogue_says() -> None:
    """The table is made of these lines, so a changed definition is pasted from the failed test."""
    lines = [f"| `{each.key}` | {each.name} | {each.definition} |" for each in CATALOGUE]

    text = (Path(settings.BASE_DIR) / "docs/glossary.md").read_text(encoding="utf-8")
    _, _, section = text.partition("## The metrics")
    assert [line for line in section.splitlines() if line.startswith("| `")] == lines
