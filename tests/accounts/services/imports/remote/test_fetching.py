from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from accounts import tasks
from accounts.models import Customer, Import, ScheduledImport, StaffUser
from accounts.services.imports import uploads
from accounts.services.imports.remote import downloads, scheduled
from accounts.services.imports.remote.fetching import LEASE, due_fetches, fetch
from actions.queries.home.data import failed_imports
from actions.queries.home.found import Scope
from tests.accounts.services.imports.scheduling import schedule
from tests.at_once import run_at_once
from tests.servers.receiver import Receiver
from tests.servers.sftp import PASSWORD, USER, SftpServer
from tests.staffing import make_staff
from tests.world import NOW

pytestmark = pytest.mark.django_db
CONTENT = "customer_id,name\nC1,青空\n".encode()
DAY = dt.timedelta(days=1)


@pytest.fixture
def staff() -> StaffUser:
    return make_staff("cs")


@pytest.fixture
def server(settings) -> Iterator[Receiver]:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with Receiver(body=CONTENT) as running:
        yield running


def fetched(row: ScheduledImport, *, at: dt.datetime = NOW + DAY) -> Import | None:
    found = fetch(row.pk, clock=lambda: at)
    row.refresh_from_db()
    return found


def test_a_file_goes_in_as_an_uploaded_one_does(staff: StaffUser, server: Receiver) -> None:
    row = schedule(staff, server.url, secret="Kodama-27")

    found = fetched(row)

    assert found is not None
    uploads.run(found.pk, clock=lambda: NOW)
    found.refresh_from_db()
    assert (found.state, found.created, found.dry_run) == ("done", 1, False)
    assert (found.file_name, found.created_by, found.queued_at) == ("Nightly", staff, None)
    assert Customer.objects.get().name == "青空"
    assert (row.last_import, row.fault, row.fetched_at) == (found, [], NOW + DAY)
    assert NOW + DAY < row.next_at <= NOW + 2 * DAY
    assert server.taken[0].headers["Authorization"] == "Bearer Kodama-27"


def test_the_same_file_goes_in_once_by_what_the_server_says_or_by_its_content(
    staff: StaffUser, server: Receiver
) -> None:
    row = schedule(staff, server.url)
    server.answers = [(200, {"ETag": '"1"', "Last-Modified": "yesterday"}), (304, {})]

    assert fetched(row)
    assert fetched(row, at=NOW + 3 * DAY) is None
    assert server.taken[1].headers["If-None-Match"] == '"1"'
    assert server.taken[1].headers["If-Modified-Since"] == "yesterday"
    assert fetched(row, at=NOW + 5 * DAY) is None  # A 200 with the same bytes.
    assert (row.tried_at, row.fetched_at) == (NOW + 5 * DAY, NOW + DAY)
    server.body = CONTENT + b"C2,x\n"
    assert fetched(row, at=NOW + 7 * DAY)
    assert Import.objects.count() == 2


def test_a_file_that_did_not_go_in_comes_again_when_somebody_asks(
    staff: StaffUser, server: Receiver
) -> None:
    row = schedule(staff, server.url)
    found = fetched(row)
    assert found is not None
    scheduled.fetch_now(row, now=NOW + 2 * DAY)
    assert fetched(row, at=NOW + 2 * DAY) is None
    Import.objects.update(state="refused")
    assert fetched(row, at=NOW + 4 * DAY) is None

    scheduled.fetch_now(row, now=NOW + 6 * DAY)
    assert fetched(row, at=NOW + 6 * DAY)


def test_what_may_pass_is_tried_again_before_anybody_is_told(
    staff: StaffUser, server: Receiver
) -> None:
    row = schedule(staff, server.url)
    server.answers = [(503, {})] * 3

    at = NOW + DAY
    for tries in (1, 2):
        assert fetched(row, at=at) is None
        assert (row.failures, Import.objects.count()) == (tries, 0)
        at = row.next_at
    assert at == NOW + DAY + dt.timedelta(minutes=20)
    fetched(row, at=at)

    assert row.fault == ["fetch_status", {"status": "503"}]
    assert (row.failures, Import.objects.get()) == (0, row.told)


def test_one_line_of_the_home_page_says_that_a_file_does_not_come_until_it_does(
    staff: StaffUser, server: Receiver
) -> None:
    row = schedule(staff, server.url)
    server.answers = [(404, {})] * 3

    def lines() -> list[str]:
        at = Import.objects.order_by("pk").last().created_at + dt.timedelta(minutes=1)
        found = failed_imports(Scope(staff, at, is_mine=True))
        return [line.about.file_name for line in found.take(0, 9) if line.about.never_came]

    fetched(row)
    fetched(row, at=row.next_at)
    assert lines() == ["Nightly"]
    server.answers[:] = [(403, {})]  # That is news.
    fetched(row, at=row.next_at)
    assert Import.objects.count() == 2
    assert [str(each) for each in uploads.errors_of(row.told)] == [
        "line 0: : the server refuses the log-in, or the account may not read the file"
    ]

    fetched(row, at=row.next_at)
    assert (row.told, row.fault) == (None, [])
    assert not failed_imports(Scope(staff, NOW, is_mine=True)).total


def test_a_file_whose_columns_nobody_explained_waits_and_is_told(
    staff: StaffUser, server: Receiver
) -> None:
    server.body = b"Kundennummer X,Firma Y\nC1,One\n"

    found = fetched(schedule(staff, server.url))

    assert found is not None
    assert found.state == "columns"
    at = found.created_at
    home = failed_imports(Scope(staff, at, is_mine=True))
    assert [line.about.pk for line in home.take(0, 9)] == [found.pk]
    Import.objects.create(kind="customers", file_name="upload.csv", state="columns")
    assert failed_imports(Scope(staff, at, is_mine=False)).total == 1


def test_a_file_is_claimed_by_one_worker_and_comes_back_from_a_killed_one(
    staff: StaffUser, server: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = schedule(staff, server.url)
    calls: list[int] = []

    def killed(*_: object, **__: object) -> None:
        calls.append(row.pk)
        if len(calls) == 1:
            fetch(row.pk, clock=lambda: NOW + DAY)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("accounts.services.imports.remote.fetching.download", killed)
        with pytest.raises(KeyboardInterrupt):
            fetched(row)
    assert len(calls) == 1
    assert due_fetches(now=NOW + DAY + LEASE / 2) == []
    assert fetched(row, at=NOW + DAY + LEASE) is not None


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_two_workers_that_take_a_file_up_at_once_bring_it_in_once(
    staff: StaffUser, server: Receiver
) -> None:
    row = schedule(staff, server.url)

    run_at_once([lambda: fetch(row.pk, clock=lambda: NOW + DAY)] * 3)

    assert (len(server.taken), Import.objects.count()) == (1, 1)


def test_what_was_switched_off_while_it_was_fetched_does_not_go_in(
    staff: StaffUser, server: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = schedule(staff, server.url)
    download = downloads.download

    def meanwhile(*args: object, **options: object) -> object:
        scheduled.switch(ScheduledImport.objects.get(), on=False, by=staff, now=NOW + DAY)
        return download(*args, **options)

    monkeypatch.setattr("accounts.services.imports.remote.fetching.download", meanwhile)
    assert fetched(row) is None
    assert Import.objects.count() == 0


def test_a_file_of_an_sftp_server_goes_in_and_a_wrong_key_is_told(
    staff: StaffUser, tmp_path: Path, settings
) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    (tmp_path / "customers.csv").write_bytes(CONTENT)
    with SftpServer(tmp_path) as server:
        options = {"way": "sftp", "user": USER, "host_keys": [server.fingerprint]}
        row = schedule(staff, f"{server.url}/customers.csv", secret=PASSWORD, **options)
        assert fetched(row)
        assert fetched(row, at=row.next_at) is None
        ScheduledImport.objects.update(host_keys=["SHA256:other"])
        assert fetched(row, at=row.next_at) is None

    assert row.fault == ["fetch_host_key", {"value": server.fingerprint}]


def test_the_tick_fetches_and_brings_in_what_is_due(staff: StaffUser, server: Receiver) -> None:
    row = schedule(staff, server.url)
    ScheduledImport.objects.update(next_at=NOW)

    tasks.fetch_file(row.pk)
    tasks.take_up_imports()

    assert Customer.objects.count() == 1
