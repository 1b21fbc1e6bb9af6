"""What is read: CSV, XLSX, JSON, standard input; what is wrong is told with its place and fix."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from analytics.management.calculations.inputs import tables
from common.spreadsheets.xlsx import Sheet, workbook_chunks
from tests.analytics.management.calculations.calculating import calculate, refused, written

ROWS = [(10, 1000), (9, 500), (0, 100), (7, 50), (3, 900), (9, 10)]


def expected(tmp_path: Path) -> dict:
    lines = [f"{score},{weight}" for score, weight in ROWS]
    return calculate("weighted", written(tmp_path / "w.csv", "score,weight", *lines))


def test_json_and_workbooks_say_the_same_as_csv(tmp_path: Path) -> None:
    rows = json.dumps([{"score": score, "weight": weight} for score, weight in ROWS])
    sheet = Sheet("Answers", ("Score", "Weight", "Note"), [(*row, "x") for row in ROWS])
    (tmp_path / "w.xlsx").write_bytes(b"".join(workbook_chunks([sheet])))

    assert calculate("weighted", written(tmp_path / "w.json", rows)) == expected(tmp_path)
    assert calculate("weighted", tmp_path / "w.xlsx") == expected(tmp_path)


def test_standard_input_is_read_where_no_file_is_named(tmp_path: Path, monkeypatch) -> None:
    text = "score;weight\n" + "\n".join(f"{score};{weight}" for score, weight in ROWS)
    for words in (["weighted"], ["weighted", "-"]):
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(text.encode())))
        assert calculate(*words) == expected(tmp_path)


def test_a_row_with_a_count_stands_so_many_times(tmp_path: Path) -> None:
    once = written(tmp_path / "a.csv", "score,customer", "9,a", "9,a", "9,a", "0,b")
    counted = written(tmp_path / "b.csv", "score,customer,count", "9,a,3", "0,b,1", "5,c,0")

    assert calculate("clustered", once) == calculate("clustered", counted)


def test_everything_that_is_wrong_is_told_with_its_row_and_field(tmp_path: Path) -> None:
    file = written(tmp_path / "w.csv", "score,weight", "9,1", "8.5,2", "", "11,-1", "7,")

    assert refused("weighted", file).splitlines()[1:] == [
        "line 3: score: '8.5' is not a score; write a whole number from 0 to 10.",
        "line 5: score: '11' is not a score; write a whole number from 0 to 10.",
        "line 5: weight: '-1' is below 0; write 0 or more.",
        "line 6: weight: empty; write a value, or take the row out.",
    ]
    rows = written(tmp_path / "w.json", '[{"score": 9, "weight": 1}, {"score": null}]')
    assert "row 2: score: empty" in refused("weighted", rows)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("score\n9", "weight is missing; it takes the columns score, weight"),
        ("score,weight\n", "a row below"),
        ("[1, 2]", "write a list of rows"),
        ("[{", "this is not JSON"),
        ("[" * 100_000, "this is not JSON"),
        ("", "empty"),
    ],
)
def test_what_is_no_table_is_refused(text: str, said: str, tmp_path: Path) -> None:
    assert said in refused("weighted", written(tmp_path / "w.csv", text))


def test_input_is_bounded(tmp_path: Path, monkeypatch) -> None:
    many = written(tmp_path / "w.csv", "score,customer,count", "9,a,150000", "8,b,150000")
    assert "more than 200,000 rows" in refused("clustered", many)

    wrong = written(tmp_path / "x.csv", "score,customer", *["x,a"] * 500)
    assert len(refused("clustered", wrong).splitlines()) == 1 + tables.MOST_SAID

    monkeypatch.setattr(tables, "MOST_BYTES", 1024**2)
    large = written(tmp_path / "y.csv", "score,customer", *["9,a"] * 300_000)
    assert "more than 1 MB" in refused("clustered", large)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(large.read_bytes())))
    assert "more than 1 MB" in refused("clustered")
