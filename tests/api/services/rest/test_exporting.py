from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.files.storage import default_storage

from api.domain.exports import KEPT, SILENT, ExportKind, ExportState
from api.models import Export
from api.services.rest import exporting
from api.services.rest.exporting import ask_for, due, forget_old, write
from common.models import StoredFile
from surveys.services.people.erase import erase_person
from tests.api.calling import make_key
from tests.world import NOW, answer, make_customer, make_respondent, send

pytestmark = pytest.mark.django_db


def asked(kind: ExportKind) -> Export:
    return ask_for(kind, key=make_key()[0], now=NOW)


def test_every_kind_is_written_in_the_columns_of_an_import() -> None:
    answer(send(make_respondent(customer=make_customer()), now=NOW), 9)

    for kind in ExportKind:
        row = asked(kind)
        write(row.pk, clock=lambda: NOW)
        row.refresh_from_db()
        with default_storage.open(row.path, "rb") as file:
            header, *rows = csv.reader(StringIO(file.read().decode(), newline=""))
        of_everything = "email" if kind in ("respondents", "responses") else "customer_id"
        assert of_everything in header
        assert (row.state, row.rows) == (ExportState.DONE, len(rows))


def test_what_a_killed_worker_had_in_hand_is_begun_again() -> None:
    row = asked(ExportKind.CUSTOMERS)
    Export.objects.filter(pk=row.pk).update(state="running", taken_at=NOW)
    later = NOW + SILENT + dt.timedelta(seconds=1)

    assert (due(now=NOW), write(row.pk, clock=lambda: NOW)) == ([], False)
    assert due(now=later) == [row.pk]
    assert write(row.pk, clock=lambda: later)
    assert not write(row.pk, clock=lambda: later)


def test_what_fails_leaves_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    row = asked(ExportKind.CUSTOMERS)

    def broken(_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(exporting, "exported", broken)
    write(row.pk, clock=lambda: NOW)
    row.refresh_from_db()
    assert (row.state, row.path) == (ExportState.FAILED, "")


def test_whoever_stops_before_the_row_knows_its_file_leaves_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = asked(ExportKind.CUSTOMERS)
    save = default_storage.save

    def stopped(*given: Any) -> None:
        save(*given)
        raise RuntimeError

    monkeypatch.setattr(default_storage, "save", stopped)
    write(row.pk, clock=lambda: NOW)
    row.refresh_from_db()
    assert row.state == ExportState.FAILED
    assert not StoredFile.objects.exists()


def test_whoever_fails_at_what_another_one_did_meanwhile_leaves_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = asked(ExportKind.CUSTOMERS)

    def overtaken(_: object) -> None:
        Export.objects.filter(pk=row.pk).update(state=ExportState.DONE)
        raise RuntimeError

    monkeypatch.setattr(exporting, "exported", overtaken)
    write(row.pk, clock=lambda: NOW)
    row.refresh_from_db()
    assert row.state == ExportState.DONE


def test_files_go_after_a_day() -> None:
    row = asked(ExportKind.CUSTOMERS)
    write(row.pk, clock=lambda: NOW)
    row.refresh_from_db()

    forget_old(now=NOW + KEPT)
    assert default_storage.exists(row.path)
    assert Export.objects.exists()
    forget_old(now=NOW + KEPT + dt.timedelta(seconds=1))
    assert not Export.objects.exists()
    assert not default_storage.exists(row.path or "exports/none")


def test_of_a_key_the_last_ones_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "MOST_KEPT", 2)
    key, _text = make_key()
    paths = []
    for _ in range(3):
        row = ask_for(ExportKind.CUSTOMERS, key=key, now=NOW)
        write(row.pk, clock=lambda: NOW)
        row.refresh_from_db()
        paths.append(row.path)

    assert [default_storage.exists(each) for each in paths] == [False, True, True]
    assert Export.objects.count() == 2


def test_no_file_names_who_was_erased(django_capture_on_commit_callbacks: Any) -> None:
    respondent = make_respondent()
    done, at_work, waits = (asked(ExportKind.RESPONDENTS) for _ in range(3))
    write(done.pk, clock=lambda: NOW)
    done.refresh_from_db()
    path = done.path

    with django_capture_on_commit_callbacks(execute=True):
        erase_person(respondent.person, by=None, now=NOW)

    def read_before(_: object) -> Iterator[list[str]]:
        Export.objects.filter(pk=at_work.pk).update(state="running", taken_at=NOW)
        yield [respondent.email]
        with django_capture_on_commit_callbacks(execute=True):
            erase_person(other.person, by=None, now=NOW)

    other = make_respondent()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exporting, "exported", read_before)
        write(at_work.pk, clock=lambda: NOW)
    states = dict(Export.objects.values_list("pk", "state"))
    assert states == {done.pk: "failed", at_work.pk: "failed", waits.pk: "waiting"}
    assert not default_storage.exists(path)
    assert not StoredFile.objects.exists()
