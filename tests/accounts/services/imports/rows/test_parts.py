from __future__ import annotations

import pytest

from accounts.models import Import, ImportPart
from accounts.services.imports.rows import parts

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


def test_after_a_search_only_what_it_found_and_what_came_later_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row, running = (
        Import.objects.create(kind="customers", state=state) for state in ("done", "running")
    )
    parts.keep(row, BAD, [[2, "b"], [3, "c"]])
    parts.keep(row, BAD, [[4, "c"]])
    # Of a transaction that began before the search and ends after it.
    parts.keep(running, BAD, [[2, "a"]])
    late = ImportPart.objects.latest("pk")

    found = parts.search(lambda item: item[1] == "b", running=Import.objects.filter(pk=running.pk))
    ImportPart.objects.filter(pk=late.pk).update(data=parts._packed([[2, "b"], [3, "a"]]))
    parts.keep(row, BAD, [[5, "b"], [6, "a"]])
    read: list[int] = []
    unpacked = parts.unpacked
    monkeypatch.setattr(parts, "unpacked", lambda part: read.append(part.pk) or unpacked(part))
    parts.forget_items(lambda item: item[1] == "b", among=found.rest)
    monkeypatch.undo()

    assert len(read) == 3
    assert list(parts.items(row, BAD)) == [[3, "c"], [4, "c"], [6, "a"]]
    assert list(parts.items(running, BAD)) == [[3, "a"]]
