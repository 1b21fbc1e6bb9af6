from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts import tasks
from accounts.models import AuditEvent, Customer, Import, StaffUser
from accounts.services.imports import recording, uploads
from accounts.services.imports.undo import whole
from tests.accounts.importing import UPLOADED, Killed, after_the_first_batch, upload
from tests.staffing import make_staff
from tests.world import NOW

pytestmark = pytest.mark.django_db
BAD = b"customer_id,started_on\nC1,\n=C2,soon\n"


@pytest.fixture
def staff() -> StaffUser:
    return make_staff("cs")


def test_worker_brings_the_file_in_and_forgets_it(staff: StaffUser) -> None:
    row = upload(staff, UPLOADED)
    path = row.path

    tasks.run_import(row.pk)

    row.refresh_from_db()
    assert (row.state, row.rows_read, row.rows_total, row.created) == ("done", 2, 2, 2)
    assert row.finished_at is not None
    assert row.path == ""
    assert not default_storage.exists(path)
    assert Customer.objects.count() == 2
    event = AuditEvent.objects.get(action="import.customers")
    assert (event.actor, event.target) == (row.created_by, "客先.csv")


def test_import_is_run_once_however_often_it_is_enqueued(staff: StaffUser) -> None:
    row = upload(staff, UPLOADED)

    tasks.run_import(row.pk)
    tasks.run_import(row.pk)

    assert AuditEvent.objects.filter(action="import.customers").count() == 1


def test_tick_takes_up_what_nobody_enqueued_and_what_a_killed_worker_left(
    staff: StaffUser,
) -> None:
    upload(staff, UPLOADED)
    upload(staff, b"customer_id\nC3\n")
    left = Import.objects.order_by("pk").last()
    assert left is not None
    Import.objects.filter(pk=left.pk).update(
        state="running", progress_at=timezone.now() - dt.timedelta(minutes=6)
    )

    tasks.take_up_imports()

    assert list(Import.objects.values_list("state", flat=True)) == ["done", "done"]
    assert Customer.objects.count() == 3


def test_each_time_an_import_is_taken_up_is_counted(staff: StaffUser) -> None:
    upload(staff, UPLOADED)
    tasks.take_up_imports()

    assert Import.objects.get().times_taken_up == 1


def test_one_import_runs_at_a_time_so_that_others_workers_are_left_for_the_mail(
    staff: StaffUser,
) -> None:
    upload(staff, UPLOADED)
    Import.objects.update(state="running", progress_at=timezone.now())
    upload(staff, b"customer_id\nC3\n")
    waiting = Import.objects.latest("pk")

    tasks.run_import(waiting.pk)
    assert Import.objects.get(pk=waiting.pk).state == "waiting"

    Import.objects.exclude(pk=waiting.pk).update(state="done")
    tasks.take_up_imports()
    assert Import.objects.get(pk=waiting.pk).state == "done"


def test_tick_leaves_a_running_import_alone(staff: StaffUser) -> None:
    upload(staff, UPLOADED)
    Import.objects.update(state="running", progress_at=timezone.now())

    tasks.take_up_imports()

    assert Import.objects.get().state == "running"
    assert Customer.objects.count() == 0


def test_a_file_is_kept_under_a_name_of_ours_whatever_it_is_called(staff: StaffUser) -> None:
    row = upload(staff, UPLOADED, "../../etc/passwd\u0000" + "x" * 300)

    assert row.path.startswith("imports/")
    assert len(row.path) == len("imports/") + 32
    assert (row.file_name[:6], len(row.file_name)) == ("passwd", 255)


def test_what_is_wrong_is_kept_so_that_each_reader_can_have_it_in_their_language(
    staff: StaffUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "MAX_ERRORS", 2)
    row = upload(staff, b"customer_id,started_on\nC1,soon\nC2,later\nC3,never\n")

    uploads.run(row.pk, clock=lambda: NOW)

    row.refresh_from_db()
    assert (row.state, row.bad_rows, row.finished_at, row.path) == ("refused", 3, NOW, "")
    assert [str(error) for error in uploads.errors_of(row)] == [
        f"line {line}: started_on: '{text}' is not a date; "
        "write it as YYYY-MM-DD, such as 2026-10-31"
        for line, text in ((2, "soon"), (3, "later"))
    ]


@pytest.mark.parametrize(
    ("content", "dry_run", "state"),
    [
        (b"name\nOne\n", True, "columns"),
        (b"%PDF-1.7", True, "refused"),
        (BAD, True, "done"),
        (BAD, False, "refused"),
        (UPLOADED, False, "done"),
    ],
)
def test_a_check_ends_well_where_rows_were_read_and_badly_where_none_could_be(
    staff: StaffUser, content: bytes, state: str, *, dry_run: bool
) -> None:
    row = upload(staff, content, dry_run=dry_run)

    uploads.run(row.pk, clock=lambda: NOW)

    row.refresh_from_db()
    assert (row.state, bool(row.path)) == (state, dry_run)


def test_only_a_check_that_is_over_and_has_its_file_goes_ahead_once(staff: StaffUser) -> None:
    row = upload(staff, BAD, dry_run=True)
    assert not uploads.go_ahead(row.pk, now=NOW)
    uploads.run(row.pk, clock=lambda: NOW)

    assert uploads.go_ahead(row.pk, now=NOW)
    assert not uploads.go_ahead(row.pk, now=NOW)

    row.refresh_from_db()
    assert (row.state, row.dry_run, row.skip_bad_rows, row.errors) == ("waiting", False, True, [])
    assert (row.rows_read, row.rows_total, row.bad_rows, row.times_taken_up) == (0, None, 0, 0)


def test_a_check_is_made_once_more_where_zeros_count(staff: StaffUser) -> None:
    Customer.objects.create(customer_id="00101")
    row = upload(staff, b"customer_id\n101\n", dry_run=True)
    uploads.run(row.pk, clock=lambda: NOW)
    row.refresh_from_db()
    assert (row.state, row.bad_rows) == ("done", 1)

    assert uploads.count_zeros(row.pk, now=NOW)
    uploads.run(row.pk, clock=lambda: NOW)

    row.refresh_from_db()
    assert (row.state, row.dry_run, row.bad_rows, row.created) == ("done", True, 0, 1)
    assert Customer.objects.count() == 1
    uploads.go_ahead(row.pk, now=NOW)
    uploads.run(row.pk, clock=lambda: NOW)
    assert Customer.objects.count() == 2
    assert not uploads.count_zeros(row.pk, now=NOW)


def names() -> list[str]:
    return list(Customer.objects.order_by("customer_id").values_list("name", flat=True))


def test_a_cancelled_import_leaves_nothing_half_written(
    staff: StaffUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    Customer.objects.create(customer_id="C1", name="Old")
    row = upload(staff, UPLOADED)
    after_the_first_batch(monkeypatch, lambda: uploads.cancel(row.pk, now=NOW))

    uploads.run(row.pk, clock=lambda: NOW)

    row.refresh_from_db()
    assert (row.state, row.path, row.updated) == ("left", "", 0)
    assert names() == ["Old"]
    assert AuditEvent.objects.filter(action="import.cancel").count() == 1
    assert not uploads.cancel(row.pk, now=NOW)


def test_a_waiting_import_is_cancelled_at_once(staff: StaffUser) -> None:
    row = upload(staff, UPLOADED)

    assert uploads.cancel(row.pk, now=NOW)

    tasks.run_import(row.pk)
    row.refresh_from_db()
    assert (row.state, row.path, names()) == ("left", "", [])


def test_a_cancelled_import_whose_worker_died_is_taken_back_by_the_tick(
    staff: StaffUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = upload(staff, UPLOADED)

    def cancel_and_die() -> None:
        uploads.cancel(row.pk, now=NOW)
        raise Killed

    after_the_first_batch(monkeypatch, cancel_and_die)
    with pytest.raises(Killed):
        uploads.run(row.pk, clock=lambda: NOW)
    assert names() == ["One"]

    assert uploads.due(now=NOW + uploads.STUCK_AFTER + dt.timedelta(seconds=1)) == []

    row.refresh_from_db()
    assert (row.state, names()) == ("left", [])


def test_a_killed_import_begins_again_within_the_minute_and_counts_all_its_rows(
    staff: StaffUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die() -> None:
        raise Killed

    row = upload(staff, UPLOADED)
    after_the_first_batch(monkeypatch, die)
    with pytest.raises(Killed):
        uploads.run(row.pk, clock=lambda: NOW)
    row.refresh_from_db()
    assert (row.state, names()) == ("running", ["One"])
    later = NOW + dt.timedelta(seconds=50)

    assert uploads.due(now=later) == [row.pk]
    uploads.run(row.pk, clock=lambda: later)

    row.refresh_from_db()
    assert (row.state, row.created, row.unchanged, names()) == ("done", 2, 0, ["One", "Two"])
    assert whole.ask_for(row.pk, by=staff)
    uploads.run(row.pk, clock=lambda: later)
    row.refresh_from_db()
    assert (row.state, row.undone_by, names()) == ("undone", staff, [])


def test_a_fault_of_ours_leaves_nothing_half_written(
    staff: StaffUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault() -> None:
        raise ValueError("ours")

    row = upload(staff, UPLOADED)
    after_the_first_batch(monkeypatch, fault)

    uploads.run(row.pk, clock=lambda: NOW)

    row.refresh_from_db()
    assert (row.state, row.created, names()) == ("failed", 0, [])


def test_what_cannot_be_taken_back_cannot_be_cancelled_while_it_is_written(
    staff: StaffUser,
) -> None:
    row = Import.objects.create(kind="usage", state="running", rows_total=5)
    assert not uploads.cancel(row.pk, now=NOW)
    Import.objects.update(rows_total=None)
    assert uploads.cancel(row.pk, now=NOW)
