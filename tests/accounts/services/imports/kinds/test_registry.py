from __future__ import annotations

import pytest

from accounts.domain.imports.file_columns import FileKind
from accounts.services.imports.kinds.registry import importer_for


@pytest.mark.parametrize("kind", FileKind)
def test_each_kind_of_file_has_its_importer(kind: FileKind) -> None:
    assert importer_for(kind).kind is kind
