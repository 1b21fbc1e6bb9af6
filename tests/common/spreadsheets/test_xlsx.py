from __future__ import annotations

import io

from python_calamine import CalamineWorkbook

from common.spreadsheets.xlsx import Sheet, workbook_chunks


def book_of(*sheets: Sheet, **options: int) -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(io.BytesIO(b"".join(workbook_chunks(sheets, **options))))


def test_sheets_go_by_their_names_and_go_on_under_numbered_ones() -> None:
    book = book_of(Sheet('n & "m"', ["a"], [[1], [2], [3]]), Sheet("last", ["b"], []), max_rows=3)

    assert book.sheet_names == ['n & "m"', 'n & "m" 2', "last"]
    assert book.get_sheet_by_name('n & "m" 2').to_python() == [["a"], [3.0]]
    assert book.get_sheet_by_name("last").to_python() == [["b"]]


def test_the_total_stands_below_the_last_row_alone() -> None:
    sheet = Sheet("n", ["a", "b"], [[1, 0.5], [2, 0.25]], formats=["0", "0.0%"], total=[3, None])

    book = book_of(sheet, max_rows=2)

    assert [book.get_sheet_by_name(name).to_python()[1:] for name in book.sheet_names] == [
        [[1.0, 0.5]],
        [[2.0, 0.25], [3.0, ""]],
    ]
