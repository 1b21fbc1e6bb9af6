from __future__ import annotations

from pathlib import Path

import pytest

from accounts.domain.imports.file_columns import FileKind
from accounts.forms.import_columns import ColumnsForm
from accounts.services.imports.columns import sample_of
from tests.accounts.importing import given

pytestmark = pytest.mark.django_db


def test_each_named_column_has_a_select_with_what_it_was_taken_for(tmp_path: Path) -> None:
    path = given(tmp_path, "E-Mail,姓,名,顧客コード,,趣味\na@x.example,青山,花子,C1,,x\n".encode())

    form = ColumnsForm(sample=sample_of(path, FileKind.RESPONDENTS))

    assert [(field.label, field.initial, known) for field, _, known in form.rows()] == [
        ("E-Mail", "email", True),
        ("姓", "family_name", True),
        ("名", "given_name", True),
        ("顧客コード", "customer_id", True),
        ("趣味", "attribute", False),
    ]
