"""What `calculate` can calculate: one declaration each, of which the help text is made."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.management.base import CommandError

from analytics.domain.statistics.interval import CONFIDENCE
from analytics.management.calculations.inputs.tables import COUNT, Column, Table, read_table

Options = dict[str, Any]
Figures = dict[str, Any]


def _nothing_more(parser: ArgumentParser) -> None:
    """No argument besides the table."""


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    # One line for the list of kinds, then what the figures mean.
    summary: str
    meaning: str
    example: str
    calculate: Callable[[Options], Figures]
    # Of the table that it reads; none for a kind that is told all by its arguments.
    columns: Sequence[Column] = ()
    add_arguments: Callable[[ArgumentParser], None] = _nothing_more

    @property
    def help_text(self) -> str:
        lines = [self.summary, "", self.meaning]
        if self.columns:
            lines += ["", "FILE is CSV, XLSX or JSON (a list of rows), - for standard input."]
            lines += ["Its columns; others are passed over:"]
            lines += [f"  {_name(each):22}{each.help}" for each in self.columns]
        return "\n".join([*lines, "", "Example:", *self.example.splitlines()])


def _name(column: Column) -> str:
    return f"{column.name} (optional)" if column.optional else column.name


def add_confidence(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--confidence",
        type=float,
        default=CONFIDENCE,
        metavar="0.95",
        help="how often the interval should hold the truth (0.95 unless said otherwise)",
    )


def confidence_from(options: Options) -> float:
    return fraction_from("--confidence", options["confidence"])


def fraction_from(name: str, value: float) -> float:
    if not 0 < value < 1:
        raise CommandError("--confidence and --power lie between 0 and 1; write 0.95.")
    return value


def table_of(options: Options, *columns: Column) -> Table:
    return read_table(options["file"], (*columns, COUNT))
