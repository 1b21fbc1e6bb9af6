from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from zipfile import ZipFile

import pytest
from django.http import StreamingHttpResponse
from python_calamine import CalamineWorkbook

from common.spreadsheets import download
from common.spreadsheets.download import AT_ONCE, Busy, Download, csv_chunks
from common.spreadsheets.xlsx import Sheet, workbook_chunks

HOSTILE = ["=1+2", "+1", "-1", "@x", "\tx", "\r\nx", "＝1", "<b>&amp;</b>", "_x0041_", "a\x00b\x1f"]


def sheets_of(data: bytes) -> list[list[list[Any]]]:
    assert ZipFile(io.BytesIO(data)).testzip() is None
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def content_of(response: StreamingHttpResponse) -> bytes:
    content = b"".join(response.streaming_content)
    end(response)
    return content


def end(response: StreamingHttpResponse) -> None:
    """As a server does, without the signal on which Django looks after its connections."""
    for close in response._resource_closers:  # type: ignore[attr-defined]
        close()


def xlsx_chunks(header, rows, **options) -> Iterator[bytes]:
    return workbook_chunks([Sheet("rows", header, rows)], **options)


def csv_response(name, header, rows, **options) -> Any:
    return download.csv_response(Download(name, "Rows", header, rows, **options))


def xlsx_response(name, header, rows) -> Any:
    return download.xlsx_response(Download(name, "Rows", header, rows))


def never() -> Iterator[list[object]]:
    raise AssertionError("a row was asked for before the first bytes were sent")
    yield []


@pytest.mark.parametrize("chunks", [csv_chunks, xlsx_chunks])
def test_the_first_bytes_leave_before_the_first_row_is_read(chunks) -> None:
    assert next(chunks(["a"], never()))


def test_csv_reads_back_with_formulas_made_text() -> None:
    text = "".join(csv_chunks(["=head", "b"], ([each, 3] for each in HOSTILE)))

    assert text.startswith("\ufeff")
    header, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    assert header == ["'=head", "b"]
    assert [row[0] for row in rows] == [*(f"'{each}" for each in HOSTILE[:7]), *HOSTILE[7:]]


def test_xlsx_reads_back_cell_by_cell_and_holds_no_formula() -> None:
    rows = [[each, "日本語", 3, 4.5, None, True, float("inf")] for each in HOSTILE]

    data = b"".join(xlsx_chunks(list("abcdefg"), rows))

    (found,) = sheets_of(data)
    assert found[0] == list("abcdefg")
    assert found[1:] == [[each, "日本語", 3.0, 4.5, "", True, "inf"] for each in HOSTILE]
    assert b"<f>" not in ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")


def test_xlsx_goes_on_in_a_further_sheet_when_one_is_full() -> None:
    data = b"".join(xlsx_chunks(["n"], ([number] for number in range(5)), max_rows=3))

    assert sheets_of(data) == [
        [["n"], [0.0], [1.0]],
        [["n"], [2.0], [3.0]],
        [["n"], [4.0]],
    ]


def test_xlsx_without_rows_is_a_sheet_with_its_head() -> None:
    assert sheets_of(b"".join(xlsx_chunks(["n"], []))) == [[["n"]]]


def test_many_rows_leave_in_many_chunks() -> None:
    rows = ([f"{number} {'語' * 50}", number] for number in range(20_000))
    assert len(list(xlsx_chunks(["a", "b"], rows))) > 5


def test_moments_for_programs_say_their_zone() -> None:
    zone = dt.timezone(dt.timedelta(hours=9))
    row = [dt.datetime(2026, 11, 22, 5, 56, 1, 999, tzinfo=zone), dt.date(2026, 11, 22), None]

    text = content_of(csv_response("x", ["a", "b", "c"], [row], zoned=True)).decode()

    assert text.splitlines()[1] == "2026-11-22T05:56:01+09:00,2026-11-22,"


def test_moments_are_those_of_the_organisations_clock_and_sheets_count_with_them(settings) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"
    row = [
        dt.datetime(2026, 11, 21, 20, 56, 1, 999, tzinfo=dt.UTC), dt.date(2026, 11, 22), None,
        dt.date(1900, 2, 28), Decimal("1234567890.10"),
    ]  # fmt: skip

    text = content_of(csv_response("x", ["a", "b", "c", "d", "e"], [row])).decode()
    sheet = content_of(xlsx_response("x", ["a", "b", "c", "d", "e"], [row]))

    assert text.splitlines()[1] == "2026-11-22 05:56:01,2026-11-22,,1900-02-28,1234567890.10"
    assert sheets_of(sheet)[0][1] == [
        dt.datetime(2026, 11, 22, 5, 56, 1), dt.date(2026, 11, 22), "", "1900-02-28", 1234567890.1,
    ]  # fmt: skip


def test_only_a_file_for_people_guards_what_a_spreadsheet_would_run() -> None:
    rows = [["=1+2"]]

    for_koe = content_of(csv_response("x", ["=a"], rows, for_people=False)).decode("utf-8-sig")
    for_people = content_of(csv_response("x", ["=a"], rows)).decode("utf-8-sig")

    assert for_koe.split() == ["=a", "=1+2"]
    assert for_people.split() == ["'=a", "'=1+2"]


def broken() -> Iterator[list[Any]]:
    yield [1, 2]
    raise OSError("the database went away")


def test_a_download_that_breaks_off_says_so_in_its_last_row() -> None:
    text = content_of(csv_response("x", ["a", "b"], broken())).decode("utf-8-sig")
    sheet = content_of(xlsx_response("x", ["a", "b"], broken()))

    last = list(csv.reader(io.StringIO(text)))[-1]
    assert last[0].startswith("This file is incomplete")
    assert sheets_of(sheet)[0][1:] == [[1.0, 2.0], last]


def test_only_so_many_downloads_hold_a_thread() -> None:
    held = [csv_response("x", ["a"], []) for _ in range(AT_ONCE)]
    with pytest.raises(Busy):
        csv_response("x", ["a"], [])
    # Whether they were read or not.
    assert b"".join(held[0].streaming_content)
    for each in held:
        end(each)
        end(each)
    held += [xlsx_response("x", ["a"], []) for _ in range(AT_ONCE)]
    for each in held:
        end(each)
