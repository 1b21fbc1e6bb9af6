from __future__ import annotations

import pytest

from analytics.domain.health.formulas.parsing import parse_formula
from analytics.reports.health.preview import preview
from tests.analytics.health import DAY, NOW, definition, make_scored, publish

pytestmark = pytest.mark.django_db


def test_who_changes_band_is_counted_before_publishing() -> None:
    publish()
    make_scored(10)
    make_scored(0)
    bands = [{"name": "good", "from": 90}, {"name": "risk", "from": 0}]

    found = preview(parse_formula(definition(bands=bands)), today=NOW.date())

    assert found.bands == ("good", "risk", "no score")
    changes = dict(found.changes)
    assert changes["good"] == (0, 1, 0)
    assert changes["risk"] == (0, 1, 0)
    voice = found.measures[0]
    assert (voice.known, voice.quantiles[2]) == (1, 5)
    assert voice.line == "0.0,60.0 240.0,0.0"
    assert [each.x for each in voice.bars if each.height] == [1, 229]


def test_sources_without_facts_are_named() -> None:
    found = preview(parse_formula(definition()), today=DAY)

    assert found.without_facts[1].endswith("import_revenue brings them.")
