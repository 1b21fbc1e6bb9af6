"""Whether every catalogue under locale/ is complete and compiled, without the gettext tools.

`python -m local.translations` checks; `--compile` writes the .mo files first.
"""

from __future__ import annotations

import ast
import gettext
import io
import re
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from local.environment import ROOT

SOURCES = ("accounts", "surveys", "analytics", "config", "common", "local", "templates")
PLACEHOLDER = re.compile(r"%\([A-Za-z_]\w*\)[a-z]|\{[A-Za-z_]\w*\}")
LINE = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?)?\s*(".*")\s*$')


@dataclass(kw_only=True)
class Entry:
    line: int
    fuzzy: bool = False
    parts: dict[str, str] = field(default_factory=dict)

    @property
    def msgid(self) -> str:
        return self.parts.get("msgid", "")

    @property
    def translations(self) -> list[str]:
        return [text for name, text in self.parts.items() if name.startswith("msgstr")]


def parse(text: str) -> list[Entry]:
    entries = (_entry(first, block) for first, block in _blocks(text))
    return [entry for entry in entries if "msgid" in entry.parts]


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    block: list[str] = []
    first = 1
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        if line.strip():
            first = first if block else number
            block.append(line)
        elif block:
            yield first, block
            block = []


def _entry(first: int, block: list[str]) -> Entry:
    entry = Entry(line=first)
    current = ""
    for number, line in enumerate(block, start=first):
        if line.startswith("#,"):
            entry.fuzzy = "fuzzy" in line
        match = None if line.startswith("#") else LINE.match(line)
        if match is None:
            continue
        if match.group(1):
            current = match.group(1)
            entry.parts[current] = ""
        if current == "msgid":
            entry.line = number
        # A catalogue's strings have the escapes of C, which are those of Python.
        entry.parts[current] += ast.literal_eval(match.group(2))
    return entry


def problems(path: Path) -> list[str]:
    """What is wrong with one catalogue, a sentence each."""
    entries = [entry for entry in parse(path.read_text(encoding="utf-8")) if entry.msgid]
    found = [
        f"{path}:{entry.line}: {what}: {entry.msgid!r}"
        for entry in entries
        if (what := _problem(entry))
    ]
    if not entries:
        found.append(f"{path}: holds no translations")
    if not is_compiled(path):
        found.append(f"{path.with_suffix('.mo')}: is not the compiled {path.name}; make messages")
    return found


def _problem(entry: Entry) -> str:
    if entry.fuzzy:
        return "fuzzy"
    if not entry.translations or not all(entry.translations):
        return "not translated"
    plural = entry.parts.get("msgid_plural", entry.msgid)
    wanted = set(PLACEHOLDER.findall(entry.msgid)) | set(PLACEHOLDER.findall(plural))
    if any(set(PLACEHOLDER.findall(text)) != wanted for text in entry.translations):
        return f"does not use exactly the placeholders {sorted(wanted)}"
    return ""


def compiled(text: str) -> bytes:
    """The .mo file of a catalogue: a head, two tables of offsets, sorted ids, their texts."""
    pairs = sorted(
        _pair(entry)
        for entry in parse(text)
        if not entry.msgid or (not entry.fuzzy and any(entry.translations))
    )
    ids = [key for key, _ in pairs]
    texts = [value for _, value in pairs]
    start = 28 + 16 * len(pairs)
    tables = [b"", b""]
    body = b""
    for index, strings in enumerate((ids, texts)):
        for string in strings:
            tables[index] += struct.pack("<II", len(string), start + len(body))
            body += string + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, start)
    return head + tables[0] + tables[1] + body


def _pair(entry: Entry) -> tuple[bytes, bytes]:
    key = entry.msgid
    if "msgctxt" in entry.parts:
        key = f"{entry.parts['msgctxt']}\4{key}"
    if "msgid_plural" in entry.parts:
        key = f"{key}\0{entry.parts['msgid_plural']}"
    return key.encode(), "\0".join(entry.translations).encode()


def is_compiled(path: Path) -> bool:
    binary = path.with_suffix(".mo")
    if not binary.is_file():
        return False
    wanted = compiled(path.read_text(encoding="utf-8"))
    return _catalogue(wanted) == _catalogue(binary.read_bytes())


def _catalogue(content: bytes) -> dict[object, str]:
    try:
        translations = gettext.GNUTranslations(io.BytesIO(content))
    except (OSError, struct.error, UnicodeDecodeError):
        return {}
    catalogue: dict[object, str] = vars(translations)["_catalog"]
    return catalogue


def problems_of_sources(root: Path) -> list[str]:
    """Texts in the code that the catalogues lack, by collecting them anew into a copy."""
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name)
        for source in (*SOURCES, "locale"):
            shutil.copytree(root / source, copy / source)
        command = [sys.executable, "-m", "django", "makemessages", "--all", "--no-wrap"]
        result = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
        if result.returncode != 0:
            return [f"makemessages: {result.stderr.strip()}"]
        return [
            f"{path.relative_to(copy)}: lacks {entry.msgid!r}; make messages"
            for path in sorted(copy.glob("locale/*/LC_MESSAGES/django.po"))
            for entry in parse(path.read_text(encoding="utf-8"))
            if entry.msgid and (entry.fuzzy or not all(entry.translations))
        ]


def main(arguments: list[str], *, root: Path = ROOT) -> int:
    paths = sorted(root.glob("locale/*/LC_MESSAGES/django*.po"))
    if "--compile" in arguments:
        for path in paths:
            path.with_suffix(".mo").write_bytes(compiled(path.read_text(encoding="utf-8")))
    found = [problem for path in paths for problem in problems(path)]
    if not paths:
        found = [f"{root / 'locale'}: holds no catalogue; make messages"]
    elif not found and shutil.which("xgettext"):
        found = problems_of_sources(root)
    elif not found:
        print("not compared with the code: xgettext is not installed (apt-get install gettext)")
    print("\n".join(found) if found else f"{len(paths)} catalogues are complete.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
