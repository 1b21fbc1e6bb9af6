from __future__ import annotations

from pathlib import Path

import pytest

from accounts.domain.imports.file_columns import FileKind
from accounts.services.imports.columns import asks_first, remember, sample_of
from accounts.services.imports.reading.files import FileRefused
from tests.accounts.importing import given, workbook

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("header", "is_clear"),
    [
        ("customer_id,name,region", True),
        ("customer_id,name,Ｒｅｇｉｏｎ", True),
        ("Customer ID,会社名", False),
        ("name,region", False),
        ("email,customer_id,role", False),
    ],
)
def test_whoever_must_be_asked(tmp_path: Path, header: str, is_clear: bool) -> None:
    path = given(tmp_path, f"{header}\nC1,x,y\n".encode())

    assert sample_of(path, FileKind.CUSTOMERS).is_clear is is_clear


def test_what_was_said_is_known_of_the_same_columns_and_kind_alone(tmp_path: Path) -> None:
    header = ["Kd-Nr", "Firma"]
    path = given(tmp_path, b"Kd-Nr,Firma\nC1,Blau\n")
    remember(FileKind.CUSTOMERS, header, {"Kd-Nr": "customer_id", "Firma": "name"})

    sample = sample_of(path, FileKind.CUSTOMERS)
    assert [match.name for match in sample.matches] == ["customer_id", "name"]
    assert sample.examples == [["C1"], ["Blau"]]
    assert not sample_of(path, FileKind.RESPONDENTS).is_saved
    other = given(tmp_path, b"Kd-Nr,Firma,x\nC1,Blau,1\n", "other.csv")
    assert not sample_of(other, FileKind.CUSTOMERS).is_saved


def test_a_workbook_that_takes_long_keeps_nobody_waiting(tmp_path: Path, settings) -> None:
    settings.MEDIA_ROOT = tmp_path
    path = workbook(tmp_path / "file.xlsx", [["Kd-Nr", "Firma"], ["C1", "Blau"]])
    assert asks_first(path.name, FileKind.CUSTOMERS, seconds=None)

    assert not asks_first(path.name, FileKind.CUSTOMERS, seconds=0.0)
    with pytest.raises(FileRefused, match="too much memory or time"):
        sample_of(path, FileKind.CUSTOMERS, seconds=0.0)
