"""Checked rows wait here for the second pass, on disk, so that memory does not grow with a file."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import fields
from operator import attrgetter

from accounts.domain.imports.file_columns import ImportRow


class Spool:
    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by __exit__

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, rows: Sequence[ImportRow]) -> None:
        """One batch. Plain tuples: a frozen dataclass costs three times as much to pickle."""
        if not rows:
            return
        kind = type(rows[0])
        values = attrgetter(*(each.name for each in fields(kind)))
        batch = (kind, [values(row) for row in rows])
        pickle.dump(batch, self._file, protocol=pickle.HIGHEST_PROTOCOL)

    def batches(self) -> Iterator[list[ImportRow]]:
        self._file.seek(0)
        while True:
            try:
                kind, rows = pickle.load(self._file)  # noqa: S301 - our own nameless file
            except EOFError:
                return
            yield [kind(*row) for row in rows]
