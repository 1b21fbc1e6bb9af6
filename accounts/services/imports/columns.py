"""What the columns of an uploaded file mean: sampled, asked, and saved for the next."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from accounts.domain.imports.cells.texts import Cell, as_text
from accounts.domain.imports.file_columns import FileKind
from accounts.domain.imports.headers import guess, key_of
from accounts.domain.imports.mapping import Match, Score, likely_kind, matches
from accounts.domain.imports.rows import lacking
from accounts.domain.segments import SegmentError
from accounts.models import Import, SavedColumns
from accounts.services.imports.dimensions import attribute_names
from accounts.services.imports.reading.files import FileRefused
from accounts.services.imports.reading.tables import open_table
from common.storage import local_copy

EXAMPLES = 2
SAMPLED_ROWS = 20
# So long somebody waits for a page.
SAMPLE_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Sample:
    """The first rows of a file: its columns, what each is taken for and what stands in it."""

    kind: FileKind
    matches: Sequence[Match]
    examples: Sequence[Sequence[str]]
    likely: FileKind | None
    is_saved: bool

    @property
    def is_clear(self) -> bool:
        """Whether nobody has to be asked: the headers are ours to the letter, or were explained."""
        if self.likely or lacking([match.name for match in self.matches], self.kind):
            return False
        return self.is_saved or all(
            match.is_sure or not guess(match.header, self.kind) for match in self.matches
        )


def sample_of(path: Path, kind: FileKind, *, seconds: float | None = SAMPLE_SECONDS) -> Sample:
    score = Score(kind, known_headers(kind))
    with open_table(path, score=score, seconds=seconds, sample=True) as table:
        rows = [cells for _, cells in islice(table.rows, SAMPLED_ROWS)]
        header = [as_text(cell) for cell in table.header]
    said = saved(kind, header)
    return Sample(
        kind,
        matches(header, kind, chosen=said, attributes=attribute_names()),
        [_examples(rows, place) for place in range(len(header))],
        likely_kind(header, kind, said=bool(said)),
        bool(said),
    )


def sample_of_upload(row: Import, kind: FileKind) -> Sample:
    with local_copy(row.path) as path:
        return sample_of(path, kind)


def asks_first(path: str, kind: FileKind, *, seconds: float | None) -> bool:
    """Whether somebody has to say what columns mean; what cannot be read is told later."""
    try:
        with local_copy(path) as here:
            return not sample_of(here, kind, seconds=seconds).is_clear
    except (FileRefused, SegmentError):
        return False


def saved(kind: FileKind, header: Sequence[Cell]) -> dict[str, str]:
    """What was said of a file of this kind with these columns, in whatever order they stand."""
    found = SavedColumns.objects.filter(kind=kind, key=_key(header)).first()
    return dict(found.said) if found else {}


def remember(kind: FileKind, header: Sequence[str], said: Mapping[str, str]) -> None:
    SavedColumns.objects.update_or_create(
        kind=kind, key=_key(header), defaults={"said": dict(said)}
    )


def known_headers(kind: FileKind) -> set[str]:
    found = SavedColumns.objects.filter(kind=kind).values_list("said", flat=True)
    return {header for said in found for header in said}


def explain(pk: int, sample: Sample, said: Mapping[str, str]) -> bool:
    """Take the file as was said, and the next ones with these columns. False: it waits no more."""
    waiting = Import.objects.filter(pk=pk, state=Import.State.COLUMNS).exclude(path="")
    if not waiting.update(kind=sample.kind, state=Import.State.WAITING):
        return False
    remember(sample.kind, [match.header for match in sample.matches], said)
    return True


def _key(header: Sequence[Cell]) -> str:
    keys = sorted(key_of(as_text(cell)) for cell in header)
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()


def _examples(rows: Sequence[Sequence[Cell]], place: int) -> list[str]:
    texts = (as_text(cells[place]) for cells in rows if place < len(cells))
    return list(islice(dict.fromkeys(text for text in texts if text), EXAMPLES))
