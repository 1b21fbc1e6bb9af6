"""Workbooks written as they are sent: the first bytes leave at once, and memory does not grow.

XlsxWriter makes a whole file first, five times as slowly: whoever asks for 300,000 rows waits in
front of nothing. Here the archive that an XLSX is gets written entry by entry: each sheet as its
rows come, and last the list of sheets, when their number is known.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from math import isfinite
from typing import IO, Any, NamedTuple
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

Row = Sequence[Any]
GENERAL = "General"
# What a sheet can hold; and far below the 2 GiB from which on an archive needs another format.
MAX_ROWS = 1_048_576
MAX_SHEET_BYTES = 1024**3
MAX_TEXT = 32_767
CHUNK = 64 * 1024
# The levels above cost a third more time and save a twentieth of the size.
COMPRESSION = 3

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET_ML = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    # Whatever has no line of its own is a sheet, so that this can stand first, where readers look.
    "[Content_Types].xml": f"""\
<Types xmlns="{_PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="{_SHEET_ML}.worksheet+xml"/>
<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_ML}.sheet.main+xml"/>
<Override PartName="/xl/styles.xml" ContentType="{_SHEET_ML}.styles+xml"/>
</Types>""",
    "_rels/.rels": f"""\
<Relationships xmlns="{_PACKAGE}/relationships">
<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>
</Relationships>""",
}
_AS_SAID = 'applyNumberFormat="1" applyFont="1" applyBorder="1"'
_STYLES = f"""\
<styleSheet xmlns="{_MAIN}">{{formats}}
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill>
<fill><patternFill patternType="gray125"/></fill></fills>
<borders count="3"><border><left/><right/><top/><bottom/><diagonal/></border>
<border><left/><right/><top/><bottom style="thin"/><diagonal/></border>
<border><left/><right/><top style="thin"/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="{{number}}"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
<xf numFmtId="0" fontId="1" fillId="0" borderId="1" xfId="0" applyFont="1" applyBorder="1" \
applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>
<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" {_AS_SAID}/>
<xf numFmtId="22" fontId="0" fillId="0" borderId="0" xfId="0" {_AS_SAID}/>{{pairs}}</cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>
</styleSheet>"""
_SHEET_END = "</sheetData></worksheet>"
# Cell styles by their number: plain, head, day and moment in the way of the reader's machine, then
# each format plain and in the row of totals.
_HEAD_STYLE, _DAY_STYLE, _MOMENT_STYLE, _FORMATS_FROM = 1, 2, 3, 4
_OF_TYPE = {dt.date: f' s="{_DAY_STYLE}"', dt.datetime: f' s="{_MOMENT_STYLE}"'}
# Days are counted from here; before March 1900 spreadsheets disagree by one.
_DAY_ZERO, _FIRST_DAY = dt.date(1899, 12, 30), dt.date(1900, 3, 1)
_DAY_SECONDS = 24 * 3600
# Numbers below belong to the formats that spreadsheets bring along.
_OWN_FORMATS_FROM = 164
# What XML cannot hold, and what a spreadsheet would read as the escape of such a sign.
_ESCAPED = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_QUOTE = {'"': "&quot;"}
_PLAIN = re.compile("[^\x00-\x1f&<>_\ufffe\uffff]*")


class Formatted(NamedTuple):
    """A value that is shown otherwise than its column says."""

    value: Any
    format: str


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    header: Row
    rows: Iterable[Row]
    # How each column shows its numbers, and how wide it is, in signs; as usual where not given.
    formats: Sequence[str] = ()
    # Those of its formatted values.
    more_formats: Sequence[str] = ()
    widths: Sequence[float] = ()
    total: Row | None = None


def workbook_chunks(sheets: Sequence[Sheet], *, max_rows: int = MAX_ROWS) -> Iterator[bytes]:
    """Text is always text and never a formula. What one sheet cannot hold goes on in the next."""
    sink = _Sink()
    names: list[str] = []
    named = chain.from_iterable((*sheet.formats, *sheet.more_formats) for sheet in sheets)
    formats = list(dict.fromkeys(named))
    with ZipFile(sink, "w", ZIP_DEFLATED, compresslevel=COMPRESSION) as archive:
        for name, text in {**_PARTS, "xl/styles.xml": _styles(formats)}.items():
            archive.writestr(name, _XML + text)
        yield sink.take()
        for sheet in sheets:
            for _ in _written(sheet, archive, names, formats, max_rows):
                if sink.size > CHUNK:
                    yield sink.take()
        for name, text in _list_of(names).items():
            archive.writestr(name, _XML + text)
    yield sink.take()


def _written(
    sheet: Sheet, archive: ZipFile, names: list[str], formats: Sequence[str], max_rows: int
) -> Iterator[None]:
    """One sheet, and those that it goes on in; yields after each row."""
    rows = iter(sheet.rows)
    row = next(rows, None)
    part = 0
    while row is not None or not part:
        part += 1
        names.append(f"{sheet.name} {part}" if part > 1 else sheet.name)
        with archive.open(f"xl/worksheets/sheet{len(names)}.xml", "w") as file:
            writer = _SheetWriter(file, sheet, formats)
            while row is not None and writer.number < max_rows and writer.room > 0:
                writer.write(row)
                row = next(rows, None)
                yield
            writer.close(last=row is None)


class _SheetWriter:
    def __init__(self, file: IO[bytes], sheet: Sheet, formats: Sequence[str]) -> None:
        self.file = file
        self.sheet = sheet
        self.number = 1
        self.room = MAX_SHEET_BYTES
        self.letters = [_letters(number) for number in range(1, len(sheet.header) + 1)]
        self.styles = [""] * len(self.letters)
        self.total_styles = self.styles
        if sheet.formats:
            places = [_FORMATS_FROM + 2 * formats.index(each) for each in sheet.formats]
            self.styles = [f' s="{place}"' for place in places]
            self.of_format = {
                each: f' s="{_FORMATS_FROM + 2 * place}"' for place, each in enumerate(formats)
            }
            self.total_styles = [f' s="{place + 1}"' for place in places]
        self._put(_sheet_start(sheet))
        self._put(self._row(sheet.header, [f' s="{_HEAD_STYLE}"'] * len(self.letters)))

    def write(self, row: Row) -> None:
        self.number += 1
        styles = self.styles
        if self.sheet.more_formats:
            styles = [
                self.of_format[value.format] if isinstance(value, Formatted) else style
                for value, style in zip(row, styles, strict=True)
            ]
            row = [value.value if isinstance(value, Formatted) else value for value in row]
        self._put(self._row(row, styles))

    def close(self, *, last: bool) -> None:
        if last and self.sheet.total is not None:
            self.number += 1
            self._put(self._row(self.sheet.total, self.total_styles))
        self._put(_SHEET_END)

    def _put(self, text: str) -> None:
        self.room -= self.file.write(text.encode())

    def _row(self, row: Row, styles: Sequence[str]) -> str:
        number = self.number
        cells = [
            f'<c r="{letter}{number}"{style or _OF_TYPE.get(type(value), "")}{_content(value)}'
            for letter, value, style in zip(self.letters, row, styles, strict=True)
            if value is not None and value != ""
        ]
        return f'<row r="{number}">{"".join(cells)}</row>'


def _sheet_start(sheet: Sheet) -> str:
    """The head stays in sight, and with formats the first column, which names the rows."""
    place = (
        ' xSplit="1" topLeftCell="B2" activePane="bottomRight"'
        if sheet.formats
        else (' topLeftCell="A2" activePane="bottomLeft"')
    )
    widths = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(sheet.widths, start=1)
    )
    columns = f"<cols>{widths}</cols>" if widths else ""
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        f'<pane ySplit="1"{place} state="frozen"/></sheetView></sheetViews>{columns}<sheetData>'
    )


def _styles(formats: Sequence[str]) -> str:
    own = [each for each in formats if each != GENERAL]
    ids = {GENERAL: 0, **{each: number for number, each in enumerate(own, _OWN_FORMATS_FROM)}}
    codes = "".join(
        f'<numFmt numFmtId="{ids[each]}" formatCode="{escape(each, _QUOTE)}"/>' for each in own
    )
    pairs = "".join(
        f'<xf numFmtId="{ids[each]}" fontId="0" fillId="0" borderId="0" xfId="0" {_AS_SAID}/>'
        f'<xf numFmtId="{ids[each]}" fontId="1" fillId="0" borderId="2" xfId="0" {_AS_SAID}/>'
        for each in formats
    )
    return _STYLES.format(
        formats=f'<numFmts count="{len(own)}">{codes}</numFmts>' if own else "",
        number=_FORMATS_FROM + 2 * len(formats),
        pairs=pairs,
    )


def _list_of(names: Sequence[str]) -> dict[str, str]:
    entries = "".join(
        f'<sheet name="{escape(name, _QUOTE)}" sheetId="{n}" r:id="rId{n}"/>'
        for n, name in enumerate(names, start=1)
    )
    targets = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(names) + 1)
    )
    styles = f'<Relationship Id="rId0" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    return {
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f"<sheets>{entries}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f"{targets}{styles}</Relationships>",
    }


def _content(value: Any) -> str:
    if isinstance(value, bool):
        return f' t="b"><v>{value:d}</v></c>'
    if isinstance(value, int | float | Decimal) and isfinite(value):
        number = f"{value:f}" if isinstance(value, Decimal) else repr(value)
        return f"><v>{number}</v></c>"
    if isinstance(value, dt.date) and (serial := _serial(value)):
        return f"><v>{serial!r}</v></c>"
    text = str(value)[:MAX_TEXT]
    if not _PLAIN.fullmatch(text):
        text = escape(_ESCAPED.sub(lambda found: f"_x{ord(found[0]):04X}_", text))
    return f' t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _serial(moment: dt.date) -> float:
    """The number that a spreadsheet keeps of a day, or of a moment without a zone; else 0."""
    day = moment.date() if isinstance(moment, dt.datetime) else moment
    if day < _FIRST_DAY:
        return 0
    days = (day - _DAY_ZERO).days
    if not isinstance(moment, dt.datetime):
        return days
    return days + (moment.hour * 3600 + moment.minute * 60 + moment.second) / _DAY_SECONDS


def _letters(number: int) -> str:
    """1 -> A, 26 -> Z, 27 -> AA"""
    rest, last = divmod(number - 1, 26)
    return (_letters(rest) if rest else "") + chr(ord("A") + last)


class _Sink:
    """A file that is only written to, and emptied on the way; archives need no more."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> int:
        self.parts.append(bytes(data))
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Archives ask for it; what is written here is kept until it is taken."""

    close = flush

    def take(self) -> bytes:
        taken = b"".join(self.parts)
        self.parts, self.size = [], 0
        return taken
