"""What a workbook says of all its sheets: their names, their texts, which numbers are dates."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Generator
from pyexpat import ParserCreate, XMLParserType
from typing import IO

CHUNK = 256 * 1024
Attributes = dict[str, str]

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
# The formats of dates and times that have a number instead of a text, Japanese ones among them.
_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
# What a format shows as it is says nothing about the number; `[h]` counts hours beyond a day.
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)


class Damaged(Exception):
    pass


class Workbook:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self._names = {name.lower(): name for name in archive.namelist()}
        self.starts_1904 = False
        self._listed: list[tuple[str, str, str]] = []
        self._read("xl/workbook.xml", self._entry)
        targets: dict[str, str] = {}
        self._read("xl/_rels/workbook.xml.rels", lambda tag, given: self._target(given, targets))
        # Charts have sheets of their own, without rows.
        self.sheets = [
            (name, targets[key], state == "visible")
            for name, key, state in self._listed
            if "worksheet" in targets.get(key, "")
        ]
        # Of all sheets together; read as far as the rows need them, which few of the first do.
        self.texts: list[str] = []
        self._further = self._texts()
        self.is_date = self._date_styles()

    def close(self) -> None:
        self._further.close()

    def open(self, part: str) -> IO[bytes]:
        return self.archive.open(self._names[part.lower()])

    def _read(self, part: str, start: Callable[[str, Attributes], None]) -> None:
        parser = parser_of()
        parser.StartElementHandler = lambda tag, given: start(bare(tag), given)
        with self.open(part) as file:
            parser.ParseFile(file)

    def _entry(self, tag: str, given: Attributes) -> None:
        if tag == "workbookPr":
            self.starts_1904 = given.get("date1904") in ("1", "true")
        elif tag == "sheet":
            key = next((given[name] for name in given if bare(name) == "id"), "")
            self._listed.append((given.get("name", ""), key, given.get("state", "visible")))

    def _target(self, given: Attributes, targets: dict[str, str]) -> None:
        if "Id" in given:
            target = given.get("Target", "").lstrip("/")
            targets[given["Id"]] = target if target.startswith("xl/") else f"xl/{target}"

    def text(self, number: int) -> str:
        while number >= len(self.texts):
            try:
                self.texts.append(next(self._further))
            except StopIteration:
                raise Damaged from None
        return self.texts[number]

    def _texts(self) -> Generator[str, None, None]:
        if "xl/sharedstrings.xml" not in self._names:
            return
        found: list[str] = []
        text = SharedText()
        parser = parser_of()

        def start(tag: str, given: Attributes) -> None:
            text.start(bare(tag))

        def end(tag: str) -> None:
            if text.end(bare(tag)) and bare(tag) == "si":
                found.append(text.take())

        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.CharacterDataHandler = text.add
        with self.open("xl/sharedStrings.xml") as file:
            while chunk := file.read(CHUNK):
                parser.Parse(chunk)
                yield from found
                found.clear()

    def _date_styles(self) -> list[bool]:
        if "xl/styles.xml" not in self._names:
            return []
        own: dict[int, str] = {}
        styles: list[bool] = []
        inside = [""]

        def start(tag: str, given: Attributes) -> None:
            if tag == "numFmt":
                own[int(given["numFmtId"])] = given.get("formatCode", "")
            elif tag in ("cellXfs", "cellStyleXfs"):
                inside[0] = tag
            elif tag == "xf" and inside[0] == "cellXfs":
                form = int(given.get("numFmtId", 0))
                styles.append(_shows_date(own[form]) if form in own else form in _DATES)

        self._read("xl/styles.xml", start)
        return styles


class SharedText:
    """Collects the text of a string, run by run; how a Japanese word is pronounced is no part."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._in_text = False
        self._aside = 0

    def start(self, tag: str) -> None:
        self._in_text = tag == "t" and not self._aside
        self._aside += tag == "rPh"

    def end(self, tag: str) -> bool:
        self._in_text = False
        self._aside -= tag == "rPh"
        return not self._aside

    def add(self, text: str) -> None:
        if self._in_text:
            self._parts.append(text)

    def take(self) -> str:
        text = "".join(self._parts)
        self._parts.clear()
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def parser_of() -> XMLParserType:
    parser = ParserCreate()
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise Damaged

    # No workbook declares a type, and what one can declare is how files explode.
    parser.StartDoctypeDeclHandler = refuse
    return parser


def bare(tag: str) -> str:
    return tag.rpartition(":")[2]


def _shows_date(form: str) -> bool:
    first = form.partition(";")[0]
    plain = _LITERAL.sub("", first).lower()
    return not _ELAPSED.search(first) and any(sign in plain for sign in "ymdhs")
