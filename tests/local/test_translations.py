from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from local import translations

HEAD = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
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

msgid "%(count)s customer"
msgid_plural "%(count)s customers"
msgstr[0] "%(count)s社"
"""


def catalogue(folder: Path, body: str) -> Path:
    path = folder / "locale" / "ja" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(HEAD + body, encoding="utf-8")
    path.with_suffix(".mo").write_bytes(translations.compiled(HEAD + body))
    return path


def test_a_complete_catalogue_has_no_problems(tmp_path: Path) -> None:
    assert translations.problems(catalogue(tmp_path, WHOLE)) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("中立者", "", "not translated: 'Passive'"),
        ("%(count)s社", "", "not translated: '%(count)s customer'"),
        ("#, python-format", "#, fuzzy, python-format", "fuzzy: 'Hello %(name)s'"),
        (
            "%(name)sさん",
            "%(nama)sさん",
            "does not use exactly the placeholders ['%(name)s']: 'Hello %(name)s'",
        ),
    ],
)
def test_what_is_wrong_with_an_entry_is_named(
    tmp_path: Path, old: str, new: str, problem: str
) -> None:
    path = catalogue(tmp_path, WHOLE.replace(old, new))

    (found,) = translations.problems(path)

    assert found.startswith(f"{path}:")
    assert found.endswith(f": {problem}")


def test_a_catalogue_changed_after_compiling_is_found(tmp_path: Path) -> None:
    path = catalogue(tmp_path, WHOLE)
    path.write_text(path.read_text().replace("中立者", "中立"))

    assert translations.problems(path) == [
        f"{path.with_suffix('.mo')}: is not the compiled django.po; make messages"
    ]


@pytest.mark.skipif(shutil.which("msgfmt") is None, reason="msgfmt (gettext) is the oracle")
def test_compiling_agrees_with_gettext(tmp_path: Path) -> None:
    path = catalogue(tmp_path, WHOLE)

    subprocess.run(["msgfmt", "-o", path.with_suffix(".mo"), path], check=True)

    assert translations.is_compiled(path)


def test_no_catalogue_at_all_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert translations.main([], root=tmp_path) == 1
    assert capsys.readouterr().out == f"{tmp_path}/locale: holds no catalogue; make messages\n"
