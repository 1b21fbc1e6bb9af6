from __future__ import annotations

from accounts.domain.access.roles import Permission
from accounts.domain.imports.file_columns import FileKind
from api.domain.exports import ExportKind, permission_for


def test_a_file_asks_for_what_its_page_asks_for() -> None:
    asked = {kind: permission_for(kind) for kind in ExportKind}

    assert asked.pop(ExportKind.RESPONSES) is Permission.EXPORT_RESPONSES
    assert set(asked.values()) == {Permission.VIEW_PEOPLE}


def test_each_kind_is_one_that_is_imported() -> None:
    assert {kind.value for kind in ExportKind} <= set(FileKind)
