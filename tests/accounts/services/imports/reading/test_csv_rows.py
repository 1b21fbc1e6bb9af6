from __future__ import annotations

from pathlib import Path

import pytest

from tests.accounts.importing import given, refusal_of, table_of

ROWS = [["customer_id", "name"], ["C1", "株式会社 青空"], ["C2", "Zoë"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_csv_in_utf_8_is_read_with_and_without_bom(tmp_path: Path, encoding: str) -> None:
    path = given(tmp_path, "customer_id,name\r\nC1,株式会社 青空\r\nC2,Zoë\r\n".encode(encoding))

    assert table_of(path) == (ROWS[0], [(2, ROWS[1]), (3, ROWS[2])])


def test_csv_in_cp932_is_read_as_japanese(tmp_path: Path) -> None:
    path = given(tmp_path, "customer_id,name\nC1,株式会社 髙橋①ﾃｽﾄ\n".encode("cp932"))

    assert table_of(path) == (["customer_id", "name"], [(2, ["C1", "株式会社 髙橋①ﾃｽﾄ"])])


@pytest.mark.parametrize("name", ["Renée", "Müller", "Ångström", "Désirée Lefèvre"])
def test_csv_in_a_western_encoding_is_refused_instead_of_read_as_kanji(
    tmp_path: Path, name: str
) -> None:
    path = given(tmp_path, f"customer_id,name\nC1,{name}\n".encode("cp1252"))

    assert "save the file as CSV in UTF-8" in refusal_of(path)


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_delimiter_is_taken_from_the_first_row(tmp_path: Path, delimiter: str) -> None:
    path = given(tmp_path, f'a{delimiter}b\n1{delimiter}"x,;y"\n'.encode())

    assert table_of(path) == (["a", "b"], [(2, ["1", "x,;y"])])


def test_lines_are_those_of_the_file_where_a_cell_spans_several(tmp_path: Path) -> None:
    path = given(tmp_path, b'a,b\n1,"two\nlines"\n\n3,x\n')

    assert table_of(path)[1] == [(2, ["1", "two\nlines"]), (5, ["3", "x"])]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'a,b\n1,"never closed\n2,x\n', "begins on line 2 has a quote that is not closed"),
        (b'a\n"' + b"x" * 200_000 + b'"\n', "begins on line 2"),
    ],
)
def test_quote_that_swallows_the_file_is_named_with_its_line(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    assert sentence in refusal_of(given(tmp_path, content))


def test_signs_that_only_one_company_knows_are_refused_instead_of_kept(tmp_path: Path) -> None:
    path = given(tmp_path, "customer_id,name\nC1,青空株式会社\nC2,山".encode("cp932") + b"\xf0\x40")

    assert "save the file as CSV in UTF-8" in refusal_of(path)


def test_separator_that_excel_names_is_obeyed_and_its_line_passed(tmp_path: Path) -> None:
    path = given(tmp_path, b'sep=;\r\na;b\r\n1;"x,y"\r\n')

    assert table_of(path) == (["a", "b"], [(3, ["1", "x,y"])])


def test_separator_is_that_by_which_the_lines_are_alike(tmp_path: Path) -> None:
    path = given(tmp_path, b"id\tname\tcontract size, JPY, yearly, net\nC1\tAlpha\t100\n")

    assert table_of(path)[0] == ["id", "name", "contract size, JPY, yearly, net"]


def test_rows_of_blanks_are_no_rows(tmp_path: Path) -> None:
    path = given(tmp_path, "a,b\n , \n\u3000,\u3000\n1,2\n".encode())

    assert table_of(path)[1] == [(4, ["1", "2"])]
