from __future__ import annotations

import pytest

from accounts.models import AuditEvent
from actions.domain.playbooks.steps import MOST_STEPS
from actions.models import Playbook, PlaybookStep
from actions.services.playbooks.editing import (
    NoSteps,
    delete_playbook,
    delete_step,
    move_step,
    save_playbook,
    save_step,
    switch,
)
from actions.services.playbooks.starting import start_playbooks
from tests.actions.following import answered
from tests.actions.playbooks import make_playbook, make_run
from tests.staffing import make_staff
from tests.world import HOUR, NOW

pytestmark = pytest.mark.django_db


def titles(playbook: Playbook) -> list[str]:
    return [step.title for step in playbook.steps.all()]


def test_steps_are_added_moved_and_taken_away() -> None:
    admin, playbook = make_staff(), make_playbook("a", "b", "c")
    for title, up in (("c", True), ("c", True), ("c", True), ("b", False), ("a", False)):
        move_step(playbook.steps.get(title=title), up=up)
    assert titles(playbook) == ["c", "b", "a"]

    delete_step(playbook.steps.get(title="b"), by=admin, now=NOW)
    new = PlaybookStep(playbook=playbook, kind="task", title="d")
    assert save_step(new, by=admin, now=NOW)
    assert titles(playbook) == ["c", "a", "d"]
    assert AuditEvent.objects.filter(action="playbook.save").count() == 2


def test_there_is_an_end_to_steps() -> None:
    playbook = make_playbook(*(str(number) for number in range(MOST_STEPS)))

    assert not save_step(
        PlaybookStep(playbook=playbook, kind="task", title="more"), by=make_staff(), now=NOW
    )


def test_without_steps_it_cannot_be_switched_on() -> None:
    admin, playbook = make_staff(), make_playbook()
    playbook.steps.all().delete()

    with pytest.raises(NoSteps):
        switch(playbook, on=True, by=admin, now=NOW)
    assert not Playbook.objects.get().is_on


def test_switching_twice_is_one_line_of_the_audit_log_and_keeps_the_first_moment() -> None:
    admin, playbook = make_staff(), make_playbook()
    for hours in (0, 1):
        switch(playbook, on=True, by=admin, now=NOW + hours * HOUR)

    # Of a form that was shown while it was off.
    playbook.name = "Another name"
    save_playbook(playbook, by=admin, now=NOW)
    stored = Playbook.objects.get()
    assert (stored.switched_on_at, stored.name) == (NOW, "Another name")
    assert AuditEvent.objects.filter(action="playbook.switch").count() == 1
    switch(playbook, on=False, by=admin, now=NOW)
    assert not Playbook.objects.get().is_on


def test_a_wider_rule_of_one_that_is_on_starts_nothing_for_what_is_past() -> None:
    admin, playbook = make_staff(), make_playbook(started_by="score", level=3)
    switch(playbook, on=True, by=admin, now=NOW)
    answered(5, at=NOW + HOUR)
    playbook.refresh_from_db()
    playbook.level = 6
    save_playbook(playbook, by=admin, now=NOW + 2 * HOUR)

    assert start_playbooks(now=NOW + 2 * HOUR) == 0
    playbook.name = "Another name"
    answered(5, at=NOW + 3 * HOUR)
    save_playbook(playbook, by=admin, now=NOW + 3 * HOUR)
    assert start_playbooks(now=NOW + 3 * HOUR) == 1


def test_what_has_run_is_kept() -> None:
    admin, used, unused = make_staff(), make_playbook(), make_playbook()
    make_run(used)

    assert not delete_playbook(used, by=admin, now=NOW)
    assert delete_playbook(unused, by=admin, now=NOW)
    assert Playbook.objects.get() == used


def test_a_step_that_is_moved_while_it_is_edited_stays_where_it_was_moved_to() -> None:
    playbook = make_playbook("a", "b")
    edited = playbook.steps.get(title="b")
    move_step(playbook.steps.get(title="b"), up=True)

    edited.title = "c"
    save_step(edited, by=make_staff(), now=NOW)

    assert titles(playbook) == ["c", "a"]
