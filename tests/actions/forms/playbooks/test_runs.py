from __future__ import annotations

import pytest

from actions.domain.playbooks.steps import StepState
from actions.forms.playbooks.runs import EndForm, RunAssignForm, SettleForm
from tests.actions.playbooks import make_playbook, make_run
from tests.staffing import make_staff


def test_skipping_says_why_and_doing_need_not() -> None:
    assert not SettleForm({"act": "skip", "note": " "}).is_valid()
    assert not SettleForm({"act": "other"}).is_valid()
    done = SettleForm({"act": "done"})
    assert done.is_valid()
    assert done.state is StepState.DONE


def test_a_result_is_chosen_and_said_in_words_and_nobody_says_that_a_customer_left() -> None:
    assert EndForm({"result": "reached", "words": "They stay."}).is_valid()
    assert not EndForm({"result": "reached"}).is_valid()
    assert not EndForm({"result": "left", "words": "They left."}).is_valid()


@pytest.mark.django_db
def test_a_run_is_given_to_somebody_who_follows_up() -> None:
    run, colleague = make_run(make_playbook()), make_staff("cs")
    viewer = make_staff("viewer")

    found = RunAssignForm({"to": str(colleague.pk)}, run=run)
    assert found.is_valid()
    assert found.staff() == colleague
    assert not RunAssignForm({"to": str(viewer.pk)}, run=run).is_valid()
