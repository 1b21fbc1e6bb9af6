"""A file that was taken out of Delighted, from its lines to a project."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from accounts.domain.contactability import SuppressionReason
from accounts.services.imports.reading.csv_rows import csv_lines
from api.domain.exported import Kind, Row, given, kind_of, row_in, row_of_csv, somebody, suppressed
from api.domain.values import Invalid
from api.models import Project
from api.services.move_in import BATCH, Moved, move_answers, move_people, move_suppressions

LONGEST_LINE = 1024 * 1024
Report = Callable[[int, Invalid], None]
_REASONS = {
    Kind.UNSUBSCRIBE: (SuppressionReason.OPTED_OUT, "unsubscribed_at"),
    Kind.BOUNCE: (SuppressionReason.BOUNCED, "bounced_at"),
}
# None of them: 0.
_CODES = {kind: code for code, kind in enumerate(Kind, start=1)}


class NotReadable(Exception):
    """The file is neither JSON Lines nor a CSV with a header of Delighted's."""


def import_delighted(
    path: Path, project: Project, *, now: dt.datetime, report: Report
) -> Counter[str]:
    """People first, answers last, whatever the order in the file: so whose they are is known."""
    total: Counter[str] = Counter()
    seen = bytearray()
    for kind in (Kind.PERSON, Kind.UNSUBSCRIBE, Kind.BOUNCE, Kind.ANSWER):
        # What is wrong with a line as such is told once.
        tell = report if kind is Kind.PERSON else None
        rows = _rows(path, kind, seen, report=tell, total=total)
        while batch := list(islice(rows, BATCH)):
            _count(total, kind, _move(project, kind, batch, now=now), report)
    return total


def _count(total: Counter[str], kind: Kind, moved: Moved, report: Report) -> None:
    total[f"{kind} new"] += moved.added
    total[f"{kind} known"] += moved.known
    total["bad"] += len(moved.faults)
    for line, fault in moved.faults:
        report(line, fault)


def _move(
    project: Project,
    kind: Kind,
    batch: Sequence[tuple[int, Row]],
    *,
    now: dt.datetime,
) -> Moved:
    if kind is Kind.PERSON:
        people, faults = _parsed(batch, somebody)
        moved = move_people(project, people, now=now)
    elif kind is Kind.ANSWER:
        answers, faults = _parsed(batch, given)
        moved = move_answers(project, answers, now=now)
    else:
        reason, field = _REASONS[kind]
        gone, faults = _parsed(batch, partial(suppressed, field=field))
        moved = move_suppressions(project, gone, reason, now=now)
    return Moved(moved.added, moved.known, [*faults, *moved.faults])


def _parsed(batch: Sequence[tuple[int, Row]], parse: Callable[[Row], Any]) -> Any:
    good, faults = [], []
    for line, row in batch:
        try:
            good.append((line, parse(row)))
        except Invalid as fault:
            faults.append((line, fault))
    return good, faults


def _rows(
    path: Path, kind: Kind, seen: bytearray, *, report: Report | None, total: Counter[str]
) -> Iterator[tuple[int, Row]]:
    """`seen`: of each line what it holds, written by the first pass: no other one reads all."""
    is_first = not seen
    for line, read in _lines(path):
        if is_first:
            seen.extend(bytes(line + 1 - len(seen)))
        elif seen[line] != _CODES[kind]:
            continue
        try:
            row = read()
            found = None if row is None else kind_of(row)
        except Invalid as fault:
            if report is not None:
                total["bad"] += 1
                report(line, fault)
            continue
        if row is not None and found is not None:
            seen[line] = _CODES[found]
            if found is kind:
                yield line, row


def _lines(path: Path) -> Iterator[tuple[int, Callable[[], Row | None]]]:
    with path.open("rb") as file:
        start = file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start.startswith(b"{"):
        yield from _csv_lines(path)
        return
    with path.open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(LONGEST_LINE), b""), start=1):
            if line.strip():
                yield number, lambda line=line: row_in(_json(line))  # type: ignore[misc]


def _json(line: bytes) -> Any:
    try:
        return json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Invalid(line="is not JSON") from None


def _csv_lines(path: Path) -> Iterator[tuple[int, Callable[[], Row]]]:
    try:
        with csv_lines(path, score=_knows) as lines:
            _, header = next(lines, (0, []))
            if not _knows(header):
                raise NotReadable
            for number, cells in lines:
                yield number, lambda cells=cells: row_of_csv(header, cells)  # type: ignore[misc]
    except csv.Error as fault:
        raise NotReadable from fault


def _knows(header: Sequence[Any]) -> int:
    row = row_of_csv([str(each) for each in header], ["x"] * len(header))
    return len(row) - 1
