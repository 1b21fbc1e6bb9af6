from __future__ import annotations

import pytest

from accounts.models import AuditEvent
from analytics.domain.health.formulas.faults import FormulaError
from analytics.models import HealthFormula
from analytics.services.health.formulas import move_formula, save_formula, withdraw_formula
from tests.analytics import world
from tests.analytics.health import NOW, definition, publish

pytestmark = pytest.mark.django_db


def in_force() -> list[str]:
    return [str(row) for row in HealthFormula.objects.in_force()]


def test_a_change_is_a_new_version_and_the_same_again_is_none() -> None:
    publish()
    again = save_formula(definition(), by=None, now=NOW)
    changed = publish(too_new_days=10)

    assert (again.is_new, again.row.version, changed.version) == (False, 1, 2)
    assert in_force() == ["Standard 2"]
    assert HealthFormula.objects.get(version=1).withdrawn_at == NOW
    actions = AuditEvent.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["formula.save", "formula.publish"] * 2


def test_what_a_formula_says_is_never_changed() -> None:
    row = publish()
    row.definition = definition(too_new_days=1)

    with pytest.raises(TypeError):
        row.save()


def test_nothing_is_saved_of_a_faulty_one() -> None:
    with pytest.raises(FormulaError):
        save_formula(definition(min_known_share=7), by=None, now=NOW)

    assert not HealthFormula.objects.exists()


def test_one_for_all_comes_last_whenever_it_was_made() -> None:
    world.make_dimension("contract")
    publish(name="All")
    publish(name="Large", applies_to={"contract": ["enterprise"]})
    publish(name="Team", applies_to={"contract": ["team"]})

    assert in_force() == ["Large 1", "Team 1", "All 1"]


def test_a_segment_that_two_formulas_claim_is_refused() -> None:
    world.make_dimension("contract")
    publish(name="Large", applies_to={"contract": ["enterprise"]})

    with pytest.raises(FormulaError, match="is claimed by the formula 'Large' too"):
        publish(name="Rival", applies_to={"contract": ["enterprise", "team"]})
    assert in_force() == ["Large 1"]


def test_formulas_change_places_as_long_as_each_still_applies() -> None:
    world.make_dimension("contract")
    world.make_dimension("region")
    publish(name="Large", applies_to={"contract": ["enterprise"]})
    tokyo = publish(name="Tokyo", applies_to={"region": ["tokyo"]})
    everybody = publish(name="All")

    move_formula(tokyo, up=True, by=None, now=NOW)
    assert in_force() == ["Tokyo 1", "Large 1", "All 1"]
    with pytest.raises(FormulaError, match="comes first"):
        move_formula(everybody, up=True, by=None, now=NOW)
    assert in_force() == ["Tokyo 1", "Large 1", "All 1"]


def test_a_withdrawn_one_gives_its_segment_free() -> None:
    withdraw_formula(publish(name="Old"), by=None, now=NOW)
    publish(name="New")

    assert in_force() == ["New 1"]
