from __future__ import annotations

import pytest

from accounts.models import AuditEvent, AuditSeal
from accounts.queries.audit import check_log
from accounts.services.access.audit import seal_events
from tests.accounts.auditing import drop_triggers, note
from tests.world import DAY, HOUR, NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.mark.parametrize(
    "fields",
    [{"target": "x"}, {"detail": {"number": 2}}, {"at": NOW + DAY}, {"action": "staff.role"}],
)
def test_a_changed_line_is_found(fields: dict[str, object]) -> None:
    drop_triggers()
    for number in range(3):
        note(number)
    seal_events()
    changed = AuditEvent.objects.order_by("pk")[1]
    AuditEvent.objects.filter(pk=changed.pk).update(**fields)

    assert check_log(now=NOW).faults == [f"event {changed.pk}: it is not what was sealed"]


@pytest.mark.parametrize("place", [0, 1])
def test_a_line_that_was_taken_out_with_its_seal_is_found(place: int) -> None:
    drop_triggers()
    for number in range(3):
        note(number)
    seal_events()
    gone, after = AuditEvent.objects.order_by("pk")[place : place + 2]
    AuditSeal.objects.filter(event=gone).delete()
    AuditEvent.objects.filter(pk=gone.pk)._raw_delete("default")

    assert check_log(now=NOW).faults == [
        f"event {after.pk}: what was sealed before it is missing or changed"
    ]


def test_an_end_that_was_cut_off_is_found_by_the_seal_that_was_kept_elsewhere() -> None:
    drop_triggers()
    note(1)
    note(2)
    seal_events()
    kept = check_log(now=NOW).last
    AuditSeal.objects.filter(digest=kept).delete()

    assert check_log(now=NOW).faults == []
    assert check_log(now=NOW, contains=kept).faults == [f"seal {kept} is gone"]


def test_a_line_that_nobody_seals_is_told_of() -> None:
    note(1)

    assert check_log(now=NOW + HOUR).faults == []
    [fault] = check_log(now=NOW + 2 * HOUR).faults
    assert fault == "1 events are older than an hour and not sealed"


def test_a_new_secret_does_not_break_the_chain(settings) -> None:
    note(1)
    seal_events()
    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 9, [old]
    note(2)
    seal_events()
    assert check_log(now=NOW).faults == []

    settings.SECRET_KEY_FALLBACKS = []
    assert len(check_log(now=NOW).faults) == 1
