from __future__ import annotations

import pytest

from accounts.domain.imports.file_columns import FileKind
from tests.accounts.importing import Files


@pytest.fixture
def customers(files: Files) -> None:
    files.bring_in(FileKind.CUSTOMERS, [["customer_id"], ["C1"], ["C2"]])
