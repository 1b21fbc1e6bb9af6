"""`python -m benchmarks.figures.published`: every published number with the command that gives it.

docs/published/numbers.csv has a row per number. The command is run, its figure is held against the
published one, and docs/statistics.md gets a line per command that says how many of them it gives.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shlex
import sys
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
NUMBERS = ROOT / "docs" / "published" / "numbers.csv"
PAGE = ROOT / "docs" / "statistics.md"
START, END = (
    "<!-- published: written by python -m benchmarks.figures.published -->\n",
    "<!-- end of it -->\n",
)


class Published(NamedTuple):
    section: str
    number: str
    command: str
    # Into the figures of the command: names and places, separated by dots.
    path: str
    published: float
    tolerance: float

    @property
    def agrees(self) -> bool:
        found = figures_of(self.command)
        for step in self.path.split("."):
            found = found[int(step)] if isinstance(found, list) else found[step]
        return abs(float(found) - self.published) <= self.tolerance


def numbers() -> Iterator[Published]:
    with NUMBERS.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield Published(
                section=row["section"],
                number=row["number"],
                command=row["command"],
                path=row["path"],
                published=float(row["published"]),
                tolerance=float(row["tolerance"]),
            )


@cache
def figures_of(command: str) -> Any:
    from django.core.management import call_command

    out = io.StringIO()
    words = [
        str(ROOT / word) if word.startswith("docs/") else word for word in shlex.split(command)
    ]
    call_command("calculate", *words, stdout=out)
    return json.loads(out.getvalue())


def table() -> str:
    lines = ["| section | `manage.py calculate` ... | numbers that agree |", "| --- | --- | --- |"]
    for (section, command), group in groupby(numbers(), key=lambda each: each[:3:2]):
        found = list(group)
        agree = sum(each.agrees for each in found)
        lines.append(f"| {section} | `{command}` | {agree} of {len(found)} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    before, rest = PAGE.read_text(encoding="utf-8").split(START)
    PAGE.write_text(before + START + table() + END + rest.split(END)[1], encoding="utf-8")
    wrong = [each for each in numbers() if not each.agrees]
    for each in wrong:
        print(f"{each.section} {each.number}: {each.command}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
