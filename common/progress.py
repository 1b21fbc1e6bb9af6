from __future__ import annotations

from typing import TextIO


class Progress:
    """How far a command is: one line, written over and over, on a terminal and nowhere else."""

    def __init__(self, stream: TextIO, *, unit: str) -> None:
        self.stream = stream
        self.unit = unit
        self.is_on = stream.isatty()

    def show(self, done: int, total: int | None = None) -> None:
        of = f" of {total:,}" if total is not None else ""
        self._write(f"{done:,}{of} {self.unit}")

    def clear(self) -> None:
        self._write("")

    def _write(self, text: str) -> None:
        if self.is_on:
            # To the start of the line, and away with what is left of a longer one.
            self.stream.write(f"\r{text}\x1b[K")
            self.stream.flush()
