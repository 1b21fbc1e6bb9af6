"""What the README and the guide promise exists, in both languages."""

from __future__ import annotations

import ast
import gettext
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from django.core.management import get_commands, load_command_class

ROOT = Path(__file__).resolve().parents[3]
READMES = ("README.md", "README.ja.md")
GUIDE = {"en": ROOT / "docs/guide", "ja": ROOT / "docs/guide/ja"}
CATALOGUE = ROOT / "locale/ja/LC_MESSAGES/django.mo"
# Design 5.5.
PROMISED = {
    "SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "SITE_URL", "DATABASE_URL", "REDIS_URL", "EMAIL_URL",
    "DEFAULT_FROM_EMAIL", "ORGANISATION_NAME", "ORGANISATION_ADDRESS", "TIME_ZONE",
    "LANGUAGE_CODE", "SURVEYS_PER_YEAR",
}  # fmt: skip


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def headings(text: str) -> list[int]:
    """The levels of the headings, in order."""
    plain = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return [len(found) for found in re.findall(r"^(#+) ", plain, flags=re.MULTILINE)]


def code_blocks(text: str) -> list[str]:
    return re.findall(r"^```\w*\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)


def code(text: str) -> list[str]:
    """Every piece of code: lines of blocks and spans in the text."""
    lines = [line for block in code_blocks(text) for line in block.splitlines()]
    plain = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return [*lines, *re.findall(r"`([^`\n]+)`", plain)]


def make_targets(text: str) -> set[str]:
    found = (re.search(r"(?:^|\s)make ([a-z]+)", piece) for piece in code(text))
    return {match[1] for match in found if match}


def manage_calls(text: str) -> list[list[str]]:
    """The words after `manage.py`, of each piece of code that has it."""
    pieces = (piece.partition("manage.py ") for piece in code(text))
    return [shlex.split(after) for _, found, after in pieces if found]


def settings_table(text: str) -> set[str]:
    """The variables of the table whose rows begin with them."""
    rows = [line for line in text.splitlines() if re.match(r"\| `[A-Z_]+`", line)]
    return {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row.split("|")[1])}


def links(text: str) -> set[str]:
    found = re.findall(r"\]\(([^)#]+)\)", text)
    return {target for target in found if "://" not in target}


def words_on_screen() -> dict[str, set[str]]:
    """By language, in small letters: a label begins with a large one that its text has not."""
    with CATALOGUE.open("rb") as file:
        catalogue: dict[Any, str] = vars(gettext.GNUTranslations(file))["_catalog"]
    keys = (key[0] if isinstance(key, tuple) else key for key in catalogue)
    return {
        "en": {key.rpartition("\x04")[2].casefold() for key in keys},
        "ja": {text.casefold() for text in catalogue.values()},
    }


def in_bold(text: str) -> set[str]:
    found = re.findall(r"\*\*(.+?)\*\*", text, flags=re.DOTALL)
    return {" ".join(words.split()).casefold() for words in found}


def gone(page: Path) -> set[str]:
    """Links and pictures of a page that lead nowhere."""
    targets = links(page.read_text(encoding="utf-8"))
    return {target for target in targets if not (page.parent / target).exists()}


def variables_read(path: str) -> set[str]:
    """The names that a module asks `env` for."""
    names = set()
    for node in ast.walk(ast.parse(text_of(path))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("env."):
            name = node.args[0] if node.args else None
            if isinstance(name, ast.Constant):
                names.add(str(name.value))
    return names


@pytest.mark.parametrize("readme", READMES)
def test_readme_names_make_targets_that_exist(readme: str) -> None:
    named = make_targets(text_of(readme))
    existing = set(re.findall(r"^([a-z]+):", text_of("Makefile"), flags=re.MULTILINE))

    assert {"run", "test"} <= named
    assert named - existing == set()


@pytest.mark.parametrize("readme", READMES)
def test_readme_names_commands_and_options_that_exist(readme: str) -> None:
    calls = manage_calls(text_of(readme))

    assert len(calls) > 4
    commands = get_commands()
    for name, *arguments in calls:
        assert name in commands
        parser = load_command_class(str(commands[name]), name).create_parser("manage.py", name)
        options = {word.partition("=")[0] for word in arguments if word.startswith("--")}
        assert options - set(parser._option_string_actions) == set(), name


@pytest.mark.parametrize("readme", READMES)
def test_readme_documents_exactly_the_settings_that_are_read(readme: str) -> None:
    documented = settings_table(text_of(readme))
    read = variables_read("config/settings.py")

    assert PROMISED - read == set()
    assert documented == read


@pytest.mark.parametrize("readme", READMES)
def test_readme_links_lead_somewhere(readme: str) -> None:
    found = links(text_of(readme))

    assert found != set()
    assert {target for target in found if not (ROOT / target).exists()} == set()


def test_japanese_readme_mirrors_the_english_one() -> None:
    english, japanese = (text_of(readme) for readme in READMES)

    assert headings(japanese) == headings(english)
    assert code_blocks(japanese) == code_blocks(english)
    assert make_targets(japanese) == make_targets(english)
    assert settings_table(japanese) == settings_table(english)
    others = {target for target in links(english) if target not in READMES}
    same = {re.sub(r"/ja/|/en/", "/", target) for target in others}
    found = {target for target in links(japanese) if target not in READMES}
    assert {re.sub(r"/ja/|/en/", "/", target) for target in found} == same


@pytest.mark.parametrize("language", GUIDE)
def test_the_guide_names_what_stands_on_the_screen(language: str) -> None:
    on_screen = words_on_screen()[language]
    for page in sorted(GUIDE[language].glob("*.md")):
        named = in_bold(page.read_text(encoding="utf-8"))
        assert named != set(), page
        assert named - on_screen == set(), page
        assert gone(page) == set(), page


def test_every_page_of_the_guide_is_there_in_both_languages() -> None:
    english, japanese = ({page.name: page for page in GUIDE[each].glob("*.md")} for each in GUIDE)

    assert len(english) > 6
    assert set(japanese) == set(english)
    index = links((GUIDE["en"] / "README.md").read_text(encoding="utf-8"))
    assert set(english) - index == {"README.md"}
    for name, page in english.items():
        text, other = (each.read_text(encoding="utf-8") for each in (page, japanese[name]))
        assert headings(other) == headings(text), name
        numbers = [re.findall(r"^(\d+)\. ", each, flags=re.MULTILINE) for each in (text, other)]
        assert numbers[0] == numbers[1], name
        pages = {target for target in links(text) if "/" not in target}
        assert {target for target in links(other) if "/" not in target} == pages, name


def test_pictures_are_small_and_every_one_is_shown() -> None:
    documents = [*(ROOT / each for each in READMES), *GUIDE["en"].rglob("*.md")]
    shown = {
        (page.parent / target).resolve()
        for page in documents
        for target in links(page.read_text(encoding="utf-8"))
    }
    pictures = set((ROOT / "docs/screenshots").rglob("*.png"))

    assert len(pictures) > 20
    assert pictures - shown == set()
    assert sum(each.stat().st_size for each in pictures) < 2_500_000


def test_guide_checks_see_what_is_wrong(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("Press **Make it\nso**. ![a](gone.png) [b](page.md)")

    assert in_bold(page.read_text()) == {"make it so"}
    assert gone(page) == {"gone.png"}
    assert "save the draft" in words_on_screen()["en"]
    assert "下書きを保存" in words_on_screen()["ja"]


def test_readme_checks_see_what_is_wrong() -> None:
    text = "# A\n```\nmake nothing\n.venv/bin/python manage.py never --ever x\n```\n[x](gone.md)\n"

    assert make_targets(text) == {"nothing"}
    assert manage_calls(text) == [["never", "--ever", "x"]]
    assert links(text) == {"gone.md"}
    assert headings(text) == [1]
    assert settings_table("| `DEBUG`, `SITE_URL` | `X` | - |\n") == {"DEBUG", "SITE_URL"}
