from __future__ import annotations

import pytest

from actions.domain.rules.triggers import DEFAULTS, Rule, Trigger
from actions.forms.follow_ups.settings import CauseForm, RuleForm


def test_what_is_opened_by_hand_is_only_due() -> None:
    form = RuleForm({"due_hours": "5"}, rule=DEFAULTS[Trigger.MANUAL])

    assert form.is_valid()
    assert form.rule() == Rule(Trigger.MANUAL, level=0, due_hours=5)


@pytest.mark.parametrize("name", ["name_en", "name_ja"])
def test_a_cause_has_a_name_in_one_language(name: str) -> None:
    assert CauseForm({name: "x"}).is_valid()
    assert not CauseForm({name: " "}).is_valid()
