from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest

from analytics.counting.cells.tables import cached_tables
from analytics.domain.answers.cells import Cells, cells_of


@dataclass(frozen=True)
class Block:
    digest: str


def test_a_table_is_made_once_for_each_content_and_use() -> None:
    made: list[list[str]] = []

    def make(missing: Sequence[Block]) -> Iterator[tuple[str, Cells]]:
        made.append([each.digest for each in missing])
        yield from ((each.digest, cells_of([(1, 1, 1, 1, len(each.digest))])) for each in missing)

    one, two = Block("of one test"), Block("of one test, too")
    first = cached_tables([one], "cells", make)
    both = cached_tables([two, one], "cells", make)
    cached_tables([one], "totals", make)

    assert made == [[one.digest], [two.digest], [one.digest]]
    assert both[1] is first[0]
    assert [table.scores.tolist() for table in both] == [[len(two.digest)], [len(one.digest)]]


def test_a_block_that_went_while_it_was_read_is_an_error_not_nothing() -> None:
    with pytest.raises(RuntimeError, match="not read in one moment"):
        cached_tables([Block("gone")], "cells", lambda missing: iter(()))
