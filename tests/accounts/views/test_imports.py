"""The import pages: upload, progress that stops, errors, downloads; and the worker's side."""

from __future__ import annotations

import datetime as dt
import re
import time
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts import tasks
from accounts.domain.access.roles import Role
from accounts.domain.imports.file_columns import FileKind
from accounts.models import AuditEvent, Customer, Import, StaffUser
from accounts.services.imports import forgetting, uploads
from config.celery import app

pytestmark = pytest.mark.django_db
GOOD = b"customer_id,name\nC1,One\nC2,Two\n"
BAD = b"customer_id,started_on\nC1,\n=C2,soon\n"


@pytest.fixture
def staff() -> StaffUser:
    return StaffUser.objects.create_user("cs@koe.example", "x", role=Role.CS)


@pytest.fixture
def browser(client: Client, staff: StaffUser) -> Client:
    client.force_login(staff)
    return client


@pytest.fixture
def enqueued(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple[int, ...]]]:
    """What was published to the broker, which these tests do not run."""
    published: list[tuple[str, tuple[int, ...]]] = []
    monkeypatch.setattr(app, "send_task", lambda name, args, **_: published.append((name, args)))
    return published


def upload(browser: Client, content: bytes, **fields: Any):
    file = SimpleUploadedFile("客先.csv", content, "text/csv")
    return browser.post("/imports/new/", {"kind": "customers", "file": file, **fields})


def import_now(browser: Client) -> Import:
    """The latest upload: looked at, and brought in."""
    row = Import.objects.latest("pk")
    tasks.run_import(row.pk)
    browser.post(f"/imports/{row.pk}/run/")
    tasks.run_import(row.pk)
    row.refresh_from_db()
    return row


def read(browser: Client, url: str) -> list[str]:
    response = browser.get(url)
    assert response["Content-Type"].startswith("text/csv")
    return b"".join(response).decode().splitlines()


def test_upload_queues_the_import_and_enqueues_it_after_commit(
    browser: Client,
    staff: StaffUser,
    enqueued: list[tuple[str, tuple[int, ...]]],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = upload(browser, GOOD)

    row = Import.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/imports/{row.pk}/")
    assert enqueued == [("accounts.tasks.run_import", (row.pk,))]
    assert (row.kind, row.state, row.file_name) == ("customers", "waiting", "客先.csv")
    assert (row.dry_run, row.skip_bad_rows, row.created_by) == (True, False, staff)
    assert Customer.objects.count() == 0


def test_file_that_costs_every_worker_its_life_is_given_up(browser: Client) -> None:
    upload(browser, GOOD)
    row = Import.objects.get()
    path = row.path
    for times in range(1, uploads.TIMES_TAKEN_UP + 1):
        assert uploads.due(now=timezone.now()) == [row.pk]
        # Its worker is killed: the claim is all that it wrote.
        Import.objects.update(
            state="running",
            times_taken_up=times,
            progress_at=timezone.now() - dt.timedelta(minutes=6),
        )

    assert uploads.due(now=timezone.now()) == []

    row.refresh_from_db()
    assert (row.state, row.finished_at is not None, default_storage.exists(path)) == (
        "failed",
        True,
        False,
    )
    page = browser.get(f"/imports/{row.pk}/").content.decode()
    assert "its worker was lost 3 times while it read this file; split the file" in page
    assert "fault of ours" not in page


WIDE = ["customer_id", *(f"column_{number}" for number in range(199_999))]
WIDE_FILES = {
    "named columns": ",".join(WIDE) + "\nC1\n",
    "one name again and again": ",".join(["customer_id"] * 200_000) + "\nC1\n",
    "columns without a name": "customer_id" + ",1" * 200_000 + "\nC1\n",
    "a wide row": "customer_id\nC1\nC2" + ",1" * 200_000 + "\n",
}


@pytest.mark.parametrize("what", WIDE_FILES)
def test_file_of_200_000_columns_is_refused_at_once(browser: Client, what: str) -> None:
    upload(browser, WIDE_FILES[what].encode())
    row = Import.objects.get()
    before = time.process_time()

    tasks.run_import(row.pk)

    assert time.process_time() - before < 2
    line = 3 if what == "a wide row" else 1
    assert Import.objects.get().state == "refused"
    page = browser.get(f"/imports/{row.pk}/").content.decode()
    assert re.search(rf"line {line} has 200,?00[01] columns and at most 1000 are read; leave", page)


def test_wrong_rows_are_listed_with_the_fix_before_anything_is_written(browser: Client) -> None:
    upload(browser, BAD)
    row = Import.objects.get()
    tasks.run_import(row.pk)

    page = browser.get(f"/imports/{row.pk}/").content.decode()

    row.refresh_from_db()
    assert (row.state, row.bad_rows, row.created) == ("done", 1, 1)
    assert "Nothing is written yet." in page
    assert "1 customer will be missing (=C2): rows about it in later files" in page
    assert "&#x27;soon&#x27; is not a date; write it as YYYY-MM-DD" in page
    assert Customer.objects.count() == 0


def test_the_wrong_cell_is_shown_and_the_next_step_when_all_is_done(browser: Client) -> None:
    found = {
        kind: Import.objects.create(
            kind=kind,
            state="done",
            rows_read=3,
            bad_rows=2,
            errors=[[2, "started_on", "date", {"value": "<soon>"}], [3, "name", "empty", {}]],
            skip_bad_rows=True,
            finished_at=timezone.now(),
        )
        for kind in ("customers", "respondents", "responses", "revenue")
    }

    pages = {
        kind: browser.get(f"/imports/{row.pk}/").content.decode() for kind, row in found.items()
    }

    assert '<mark class="wrong-cell">&lt;soon&gt;</mark>' in pages["customers"]
    assert pages["customers"].count("<mark") == 1
    assert "of 3 rows read" in pages["customers"]
    ways = ["Next: import their respondents", "Next: ask them", "Next: read the responses"]
    for html, way in zip(pages.values(), [*ways, "Next: see the customers"], strict=True):
        assert html.count("Next: ") == 1
        assert way in html
    Import.objects.update(dry_run=True)
    checked = browser.get(f"/imports/{found['customers'].pk}/").content.decode()
    assert "Next: " not in checked


def test_reasons_are_in_the_language_of_the_reader(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from accounts import labels

    upload(browser, BAD)
    row = Import.objects.get()
    tasks.run_import(row.pk)
    monkeypatch.setattr(labels, "gettext", lambda text: "「%(value)s」は日付ではありません。")

    assert "「soon」は日付ではありません。" in browser.get(f"/imports/{row.pk}/").content.decode()


def test_wrong_rows_are_downloaded_as_the_file_has_them_and_no_formulas(browser: Client) -> None:
    upload(browser, b"customer_id,started_on\nC1,\n=C2,soon\nC1,2020-01-01\n")
    row = Import.objects.get()
    tasks.run_import(row.pk)
    row.refresh_from_db()
    row.columns = [["customer_id", "顧客 ID"], *row.columns[1:]]
    row.save()

    assert read(browser, f"/imports/{row.pk}/errors.csv") == [
        "\ufeff顧客 ID,started_on,Koe: line,Koe: what is wrong",
        "'=C2,soon,3,\"started_on: 'soon' is not a date; write it as YYYY-MM-DD, such as "
        '2026-10-31"',
        "C1,2020-01-01,4,顧客 ID: line 2 has the same key with other values; keep one of them",
    ]


def test_file_of_a_wrong_type_is_refused_with_its_sentence(browser: Client) -> None:
    upload(browser, b"%PDF-1.7 not rows")
    row = Import.objects.get()
    tasks.run_import(row.pk)

    page = browser.get(f"/imports/{row.pk}/").content.decode()

    assert "Nothing was imported: the file is neither CSV nor XLSX" in page


def test_upload_of_too_many_rows_is_refused(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MAX_UPLOAD_ROWS", 1)
    upload(browser, GOOD)
    row = Import.objects.get()
    tasks.run_import(row.pk)

    page = browser.get(f"/imports/{row.pk}/").content.decode()

    assert "the file has more than 1 rows; split it" in page
    assert Customer.objects.count() == 0


def test_fault_of_ours_is_told_as_one_and_logged(
    browser: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    upload(browser, GOOD)
    row = Import.objects.get()
    default_storage.delete(row.path)

    tasks.run_import(row.pk)

    row.refresh_from_db()
    assert row.state == "failed"
    assert "FileNotFoundError" in caplog.text
    assert "an error on our side" in browser.get(f"/imports/{row.pk}/").content.decode()


def test_a_preview_writes_nothing_and_then_goes_ahead(browser: Client) -> None:
    upload(browser, GOOD)
    row = Import.objects.get()
    tasks.run_import(row.pk)
    row.refresh_from_db()
    assert (row.state, row.created, Customer.objects.count()) == ("done", 2, 0)
    assert "Nothing is written yet." in browser.get(f"/imports/{row.pk}/").content.decode()

    response = browser.post(f"/imports/{row.pk}/run/")
    tasks.run_import(row.pk)

    assert response["Location"] == f"/imports/{row.pk}/"
    row.refresh_from_db()
    assert (row.dry_run, row.state, row.created, row.path) == (False, "done", 2, "")
    assert Customer.objects.count() == 2


def test_going_ahead_after_a_check_with_bad_rows_brings_the_good_ones_in(browser: Client) -> None:
    upload(browser, BAD)
    row = Import.objects.get()
    tasks.run_import(row.pk)
    row.refresh_from_db()
    assert (row.state, row.bad_rows, row.created) == ("done", 1, 1)
    assert "Import, and skip 1 wrong row" in browser.get(f"/imports/{row.pk}/").content.decode()

    browser.post(f"/imports/{row.pk}/run/")
    tasks.run_import(row.pk)

    row.refresh_from_db()
    assert (row.state, row.bad_rows, row.created) == ("done", 1, 1)
    assert Customer.objects.get().customer_id == "C1"
    assert "1 bad row was skipped" in browser.get(f"/imports/{row.pk}/").content.decode()


def test_going_ahead_twice_does_nothing(browser: Client) -> None:
    upload(browser, GOOD)
    row = Import.objects.get()
    tasks.run_import(row.pk)
    browser.post(f"/imports/{row.pk}/run/")
    tasks.run_import(row.pk)

    page = browser.post(f"/imports/{row.pk}/run/", follow=True).content.decode()

    assert "Please upload it again." in page
    assert AuditEvent.objects.filter(action="import.customers").count() == 1


def test_what_was_wrong_with_a_file_is_forgotten_after_a_month(browser: Client) -> None:
    upload(browser, BAD)
    row = Import.objects.get()
    tasks.run_import(row.pk)
    tasks.take_up_imports()
    row.refresh_from_db()
    assert row.errors
    Import.objects.update(
        created_at=timezone.now() - forgetting.ERRORS_KEPT_FOR - dt.timedelta(hours=1)
    )

    tasks.take_up_imports()

    row.refresh_from_db()
    assert (row.errors, row.bad_rows > 0) == ([], True)
    assert "no longer kept" in browser.get(f"/imports/{row.pk}/").content.decode()


def test_page_asks_again_only_while_the_import_runs(browser: Client) -> None:
    upload(browser, GOOD)
    row = Import.objects.get()
    before = browser.get(f"/imports/{row.pk}/", headers={"HX-Request": "true"}).content.decode()
    tasks.run_import(row.pk)
    after = browser.get(f"/imports/{row.pk}/", headers={"HX-Request": "true"}).content.decode()

    assert before.strip().startswith('<div id="import-result" hx-get=')
    assert 'hx-trigger="every 2s"' in before
    assert "hx-trigger" not in after
    assert "Nothing is written yet." in after
    assert "<html" not in after


@pytest.mark.parametrize("kind", list(FileKind))
def test_example_file_of_each_kind_can_be_imported(browser: Client, kind: FileKind) -> None:
    for each in (FileKind.CUSTOMERS, kind):
        content = browser.get(f"/imports/examples/{each}.csv").content
        upload(browser, content, kind=each)
        import_now(browser)

    assert set(Import.objects.values_list("state", "bad_rows")) == {("done", 0)}


def test_the_preview_says_what_changes_and_what_is_emptied_and_so_it_comes(
    browser: Client,
) -> None:
    upload(browser, b"customer_id,name,plan\nC1,One,a\nC2,Two,a\nC3,Three,a\n")
    import_now(browser)
    upload(browser, b"Customer ID,name,plan\nC1,,b\nC2,Two,a\nC3,Four,a\nC4,New,\n")
    row = Import.objects.latest("pk")
    tasks.run_import(row.pk)

    page = browser.get(f"/imports/{row.pk}/").content.decode()

    row.refresh_from_db()
    previewed = (row.created, row.updated, row.unchanged, row.bad_rows, row.emptied)
    assert previewed == (1, 2, 1, 0, 1)
    assert "1 cell will be emptied" in page
    said = ["\ufeffRow,Column,Before,After", "C1,name,One,", "C1,plan,a,b", "C3,name,Three,Four"]
    assert read(browser, f"/imports/{row.pk}/changes.csv") == said
    row = import_now(browser)
    assert (row.created, row.updated, row.unchanged, row.bad_rows, row.emptied) == previewed
    assert read(browser, f"/imports/{row.pk}/changes.csv") == said


def test_the_downloaded_wrong_rows_are_corrected_and_uploaded_again(browser: Client) -> None:
    upload(browser, b"customer_id,started_on\nC1,\nC2,soon\n")
    row = import_now(browser)
    content = b"".join(browser.get(f"/imports/{row.pk}/errors.csv"))

    upload(browser, content.replace(b"C2,soon", b"C2,2026-04-01"))

    row = import_now(browser)
    assert (row.state, row.created, row.bad_rows) == ("done", 1, 0)
    assert Customer.objects.get(customer_id="C2").attributes == {}


def test_who_leaves_a_preview_leaves_nothing_of_it(browser: Client) -> None:
    upload(browser, BAD)
    row = Import.objects.get()
    path = row.path
    tasks.run_import(row.pk)

    browser.post(f"/imports/{row.pk}/leave/")

    row.refresh_from_db()
    assert (row.state, row.path, row.errors, row.parts.count()) == ("left", "", [], 0)
    assert not default_storage.exists(path)
    assert not uploads.go_ahead(row.pk, now=timezone.now())
    assert "Nothing of it was saved." in browser.get(f"/imports/{row.pk}/").content.decode()


def test_list_shows_newest_first_with_constant_queries(
    browser: Client, django_assert_num_queries: object
) -> None:
    for number in range(60):
        Import.objects.create(kind="customers", file_name=f"f{number}.csv", state="done")

    with django_assert_num_queries(5):  # type: ignore[operator]
        page = browser.get("/imports/").content.decode()

    assert "f59.csv" in page
    assert "f9.csv" not in page


def test_viewer_may_not_import(client: Client) -> None:
    client.force_login(StaffUser.objects.create_user("v@koe.example", "x", role=Role.VIEWER))

    assert client.get("/imports/").status_code == 403
    assert upload(client, GOOD).status_code == 403
    assert Import.objects.count() == 0


def test_who_sees_ids_that_differ_by_zeros_can_say_that_they_are_two_customers(
    browser: Client,
) -> None:
    Customer.objects.create(customer_id="00101")
    upload(browser, b"customer_id\n101\n")
    row = Import.objects.get()
    tasks.run_import(row.pk)
    address = f"/imports/{row.pk}/zeros/"
    assert address in browser.get(f"/imports/{row.pk}/").content.decode()

    browser.post(address)
    tasks.run_import(row.pk)

    assert address not in browser.get(f"/imports/{row.pk}/").content.decode()
    assert Import.objects.values_list("bad_rows", "created").get() == (0, 1)
