from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Dimension, SegmentRebuild
from accounts.services import rebuilds
from accounts.services.rebuilds import go_over_again_if_running, refreeze_if_changed
from tests.world import HOUR, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def enqueued(monkeypatch) -> list[str]:
    """The tasks that would have been published."""
    tasks: list[str] = []
    monkeypatch.setattr(rebuilds, "enqueue", tasks.append)
    return tasks


def make(name: str, **fields: Any) -> Dimension:
    return Dimension.objects.create(name=name, source="customer", attribute=name, **fields)


def finish() -> None:
    SegmentRebuild.objects.update(finished_at=NOW, checked_at=NOW, last_id=7, done=7, total=7)


def test_only_a_definition_that_decides_other_values_begins_a_rebuild(enqueued: list[str]) -> None:
    assert not refreeze_if_changed(now=NOW)
    plan = make("plan")
    assert refreeze_if_changed(now=NOW)
    assert not refreeze_if_changed(now=NOW)
    finish()

    Dimension.objects.update(label="Tariff", position=3)
    assert not refreeze_if_changed(now=NOW)
    Dimension.objects.update(bands={"thresholds": ["1"], "labels": ["a", "b"]})
    assert refreeze_if_changed(now=NOW + HOUR)

    row = SegmentRebuild.objects.get()
    assert (row.started_at, row.finished_at, row.checked_at) == (NOW + HOUR, None, None)
    assert (row.last_id, row.done, row.total) == (0, 0, None)
    assert row.definitions == {str(plan.pk): Dimension.objects.get().fingerprint}
    assert enqueued == [rebuilds.TASK] * 2


def test_a_deleted_segment_needs_no_work_and_made_again_it_is_new(enqueued: list[str]) -> None:
    make("kept")
    gone = make("gone")
    refreeze_if_changed(now=NOW)
    finish()

    gone.delete()
    assert not refreeze_if_changed(now=NOW)
    make("gone")
    assert refreeze_if_changed(now=NOW)
    assert len(enqueued) == 2


def test_who_moves_an_invitation_restarts_what_runs_and_nothing_else(enqueued: list[str]) -> None:
    make("plan")
    refreeze_if_changed(now=NOW)
    SegmentRebuild.objects.update(last_id=7, done=7, total=9, last_sent_at=NOW)
    go_over_again_if_running()
    row = SegmentRebuild.objects.get()
    assert (row.last_id, row.done, row.total, row.last_sent_at) == (0, 0, None, None)

    finish()
    go_over_again_if_running()
    assert SegmentRebuild.objects.get().done == 7
    assert len(enqueued) == 1
