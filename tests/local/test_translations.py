from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from local import ROOT
from tests.servers.services import missing

SCRIPT = ROOT / "local" / "translations.sh"
FOLDERS = [
    "accounts", "surveys", "analytics", "actions", "api", "config", "common", "local", "templates"
]  # fmt: skip
HEAD = """msgid ""
msgstr ""
"Project-Id-Version: Koe\\n"
"PO-Revision-Date: 2026-11-22 04:15+0000\\n"
"Last-Translator: Koe\\n"
"Language-Team: Japanese\\n"
"Language: ja\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
WHOLE = """#: a.py
#, python-format
msgid "Hello %(name)s"
msgstr ""
"こんにちは、"
"%(name)sさん"

msgctxt "category"
msgid "Passive"
msgstr "中立者"

#, python-format
msgid "%(count)s customer"
msgid_plural "%(count)s customers"
msgstr[0] "%(count)s社"
"""


@pytest.fixture(autouse=True)
def _gettext() -> None:
    if shutil.which("msgfmt") is None:
        missing("gettext", remedy="run sudo apt-get install gettext")


def catalogue(folder: Path, body: str) -> Path:
    path = folder / "locale" / "ja" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(HEAD + body, encoding="utf-8")
    subprocess.run(["msgfmt", "-o", path.with_suffix(".mo"), path], check=True)
    return path


def check(folder: Path, *collect: str) -> tuple[int, str]:
    result = subprocess.run(
        [SCRIPT, *collect],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return result.returncode, result.stdout


def test_a_complete_catalogue_has_no_problems(tmp_path: Path) -> None:
    catalogue(tmp_path, WHOLE)

    assert check(tmp_path) == (0, "The catalogues are complete.\n")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("中立者", "", "1 untranslated message"),
        ("中立者", "", 'msgid "Passive"'),
        ("%(count)s社", "", "1 untranslated message"),
        ("#, python-format\nmsgid \"Hello", "#, fuzzy, python-format\nmsgid \"Hello", "1 fuzzy"),
    ],
)  # fmt: skip
def test_what_is_not_translated_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    catalogue(tmp_path, WHOLE.replace(old, new))

    code, output = check(tmp_path)

    assert code == 1
    assert said in output


def test_other_placeholders_are_refused_where_they_are(tmp_path: Path) -> None:
    path = catalogue(tmp_path, WHOLE)
    path.write_text(path.read_text().replace("%(name)sさん", "%(nama)sさん"))

    code, output = check(tmp_path)

    assert code == 1
    assert "django.po:16:" in output
    assert "argument 'nama'" in output


def test_a_catalogue_changed_after_compiling_is_found(tmp_path: Path) -> None:
    path = catalogue(tmp_path, WHOLE)
    path.write_text(path.read_text().replace("中立者", "中立"))

    mo, po = "locale/ja/LC_MESSAGES/django.mo", "locale/ja/LC_MESSAGES/django.po"
    assert check(tmp_path) == (1, f"{mo} is not the compiled {po}: make messages\n")


def test_a_compiler_that_keeps_the_moment_of_collecting_compiles_the_same_catalogue(
    tmp_path: Path,
) -> None:
    # Debian's leaves that header out, but not one of another name.
    headers = (
        HEAD.replace("PO-Revision", "POT-Creation"),
        HEAD.replace("PO-Revision", "POT-creation"),
    )
    path = catalogue(tmp_path, WHOLE)
    path.write_text(headers[1] + WHOLE)
    compiled = path.with_suffix(".mo")
    subprocess.run(["msgfmt", "-o", compiled, path], check=True)
    compiled.write_bytes(compiled.read_bytes().replace(b"POT-creation", b"POT-Creation"))
    path.write_text(headers[0] + WHOLE)

    assert b"POT-Creation-Date" in compiled.read_bytes()
    assert check(tmp_path) == (0, "The catalogues are complete.\n")


def test_a_text_of_the_code_that_is_missing_is_named(tmp_path: Path) -> None:
    catalogue(tmp_path, WHOLE)
    for name in FOLDERS:
        (tmp_path / name).mkdir()
    collect = tmp_path / "collect"
    collect.write_text(
        '#!/bin/sh\nprintf \'\\nmsgid "Brand new"\\nmsgstr ""\\n\' '
        ">> locale/ja/LC_MESSAGES/django.po\n"
    )
    collect.chmod(0o755)

    code, output = check(tmp_path, str(collect))

    assert code == 1
    assert 'msgid "Brand new"' in output
    assert "Brand new" not in (tmp_path / "locale/ja/LC_MESSAGES/django.po").read_text()


def test_no_catalogue_at_all_fails(tmp_path: Path) -> None:
    assert check(tmp_path) == (1, "locale holds no catalogue: make messages\n")


def test_a_collection_that_fails_fails(tmp_path: Path) -> None:
    catalogue(tmp_path, WHOLE)
    for name in FOLDERS:
        (tmp_path / name).mkdir()

    assert check(tmp_path, "false") == (1, "")
