"""A workbook written as it is sent: the first bytes leave at once, and memory does not grow.

XlsxWriter makes a whole file first, so whoever asks for 300,000 rows waits in front of nothing.
Here the archive that an XLSX is gets written entry by entry: each sheet as its rows come, and last
the list of sheets, when their number is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from math import isfinite
from typing import IO, Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

Row = Sequence[Any]
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
    "xl/styles.xml": f"""\
<styleSheet xmlns="{_MAIN}">
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill>
<fill><patternFill patternType="gray125"/></fill></fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>
</styleSheet>""",
}
_SHEET_START = f"""{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">\
<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>\
</sheetView></sheetViews><sheetData>"""
_SHEET_END = "</sheetData></worksheet>"
# What XML cannot hold, and what a spreadsheet would read as the escape of such a sign.
_ESCAPED = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_PLAIN = re.compile("[^\x00-\x1f&<>_\ufffe\uffff]*")


def xlsx_chunks(header: Row, rows: Iterable[Row], *, max_rows: int = MAX_ROWS) -> Iterator[bytes]:
    """Text is always text and never a formula. What one sheet cannot hold goes on in the next."""
    sink = _Sink()
    letters = [_letters(number) for number in range(1, len(header) + 1)]
    title = _row(1, header, letters, style=' s="1"')
    waiting = iter(rows)
    sheets = 0
    with ZipFile(sink, "w", ZIP_DEFLATED, compresslevel=COMPRESSION) as archive:
        for name, text in _PARTS.items():
            archive.writestr(name, _XML + text)
        yield sink.take()
        row = next(waiting, None)
        while row is not None or not sheets:
            sheets += 1
            with archive.open(f"xl/worksheets/sheet{sheets}.xml", "w") as sheet:
                room = MAX_SHEET_BYTES - _write(sheet, _SHEET_START + title)
                number = 1
                while row is not None and number < max_rows and room > 0:
                    number += 1
                    room -= _write(sheet, _row(number, row, letters))
                    row = next(waiting, None)
                    if sink.size > CHUNK:
                        yield sink.take()
                _write(sheet, _SHEET_END)
        for name, text in _list_of(sheets).items():
            archive.writestr(name, _XML + text)
    yield sink.take()


def _list_of(sheets: int) -> dict[str, str]:
    numbers = range(1, sheets + 1)
    entries = "".join(f'<sheet name="{n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    targets = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    styles = f'<Relationship Id="rId0" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    return {
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f"<sheets>{entries}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f"{targets}{styles}</Relationships>",
    }


def _write(sheet: IO[bytes], text: str) -> int:
    return sheet.write(text.encode())


def _row(number: int, row: Row, letters: Sequence[str], *, style: str = "") -> str:
    cells = [
        f'<c r="{letter}{number}"{style}{_content(value)}'
        for letter, value in zip(letters, row, strict=True)
        if value is not None and value != ""
    ]
    return f'<row r="{number}">{"".join(cells)}</row>'


def _content(value: Any) -> str:
    if isinstance(value, bool):
        return f' t="b"><v>{value:d}</v></c>'
    if isinstance(value, int | float) and isfinite(value):
        return f"><v>{value!r}</v></c>"
    text = str(value)[:MAX_TEXT]
    if not _PLAIN.fullmatch(text):
        text = escape(_ESCAPED.sub(lambda found: f"_x{ord(found[0]):04X}_", text))
    return f' t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


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
