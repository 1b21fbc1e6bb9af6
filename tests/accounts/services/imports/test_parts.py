from __future__ import annotations

import pytest

from accounts.models import Import, ImportPart
from accounts.services.imports import parts

pytestmark = pytest.mark.django_db
BAD, CHANGES = parts.Kind.BAD, parts.Kind.CHANGES


def test_parts_come_back_in_order_by_kind_and_without_what_is_forgotten() -> None:
    row, other = (Import.objects.create(kind="customers") for _ in range(2))
    parts.keep(row, BAD, [[2, "青"], [3, "b"]])
    parts.keep(row, CHANGES, [("C1", True)])
    parts.keep(row, BAD, [])
    parts.keep(row, BAD, [[4, "c"]])
    parts.keep(other, BAD, [[2, "b"]])

    assert list(parts.items(row, BAD)) == [[2, "青"], [3, "b"], [4, "c"]]
    assert list(parts.items(row, CHANGES)) == [["C1", True]]
    assert ImportPart.objects.count() == 4

    parts.forget_items(lambda item: item[1] == "b")
    assert list(parts.items(row, BAD)) == [[2, "青"], [4, "c"]]
    parts.forget([row.pk])
    assert list(parts.items(row, BAD)) == []
    assert ImportPart.objects.count() == 1
