"""The recipes are true: what they name exists, and what they say is caught is caught."""

from __future__ import annotations

import ast
import re
import shutil
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path as address

from config.urls import urlpatterns as known_addresses
from surveys.domain.wording import CUSTOMER_FALLBACK, DEFAULT_WORDING, NAME_FALLBACK
from tests.guards import test_access
from tests.guards.docs import test_docs

ROOT = Path(__file__).resolve().parents[3]
RECIPES = [*sorted((ROOT / "docs" / "recipes").glob("*.md")), ROOT / "docs" / "where-decided.md"]
# `a/b/c.py::name` or `a/b/c.html`; what is still to be made is written with another sign in it.
NAMED = re.compile(
    r"`((?:[\w.-]+/)*[\w.-]+\.(?:py|html|po|md|toml|txt|css|js|yml))(?:::([\w.]+))?`"
)
# Named as what the recipe makes.
MADE_BY_THE_RECIPE = {"locale/de/LC_MESSAGES/django.po"}


def named(text: str) -> set[tuple[str, str]]:
    return {(path, symbol) for path, symbol in NAMED.findall(text)} - {
        (path, "") for path in MADE_BY_THE_RECIPE
    }


@cache
def symbols_of(path: Path) -> frozenset[str]:
    """What a module defines, classes with their members as `Class.member`."""
    return frozenset(_definitions(ast.parse(path.read_text(encoding="utf-8")).body))


def _definitions(body: list[ast.stmt], prefix: str = "") -> list[str]:
    found: list[str] = []
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.append(prefix + node.name)
        if isinstance(node, ast.ClassDef):
            found += _definitions(node.body, prefix=f"{prefix}{node.name}.")
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        found += [prefix + target.id for target in targets if isinstance(target, ast.Name)]
    return found


def missing(text: str, *, root: Path = ROOT) -> list[str]:
    return sorted(
        f"{path}::{symbol}" if symbol else path
        for path, symbol in named(text)
        if not (root / path).exists() or (symbol and symbol not in symbols_of(root / path))
    )


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda path: path.stem)
def test_every_file_and_symbol_of_a_recipe_exists(recipe: Path) -> None:
    text = recipe.read_text(encoding="utf-8")

    assert len(named(text)) > 4
    assert missing(text) == []


def test_a_file_or_symbol_that_is_gone_is_found() -> None:
    text = "`config/env.py::boolean` `config/env.py::gone` `config/gone.py` `tests/world.py`"

    assert missing(text) == ["config/env.py::gone", "config/gone.py"]


def test_contributing_links_every_recipe() -> None:
    linked = set(
        re.findall(r"\(docs/recipes/([\w-]+\.md)\)", (ROOT / "CONTRIBUTING.md").read_text())
    )

    assert linked == {recipe.name for recipe in RECIPES if recipe.parent.name == "recipes"}


# --- Add a page ---------------------------------------------------------------------------------


def new_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [*known_addresses, address("settings/new-page/", new_page, name="new-page")]


@override_settings(ROOT_URLCONF=__name__)
def test_a_page_without_its_row_of_access_is_found() -> None:
    with pytest.raises(AssertionError, match="new-page"):
        test_access.test_every_address_has_a_row()


# --- Add a setting ------------------------------------------------------------------------------


def test_a_setting_that_the_readme_lacks_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config").mkdir()
    for name in (*test_docs.READMES, "config/settings.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    with (tmp_path / "config" / "settings.py").open("a") as file:
        file.write('NEW_SETTING = env.boolean("NEW_SETTING", default=False)\n')
    monkeypatch.setattr(test_docs, "ROOT", tmp_path)

    with pytest.raises(AssertionError, match="NEW_SETTING"):
        test_docs.test_readme_documents_exactly_the_settings_that_are_read("README.md")


# --- Add a language -----------------------------------------------------------------------------


def test_every_language_has_its_catalogue() -> None:
    # English is what the code itself is written in.
    wanted = {code for code, _ in settings.LANGUAGES} - {"en"}
    catalogues = {path.parts[-3] for path in (ROOT / "locale").glob("*/LC_MESSAGES/django.po")}

    assert catalogues == wanted


def test_every_language_has_its_wording() -> None:
    wanted = {code for code, _ in settings.LANGUAGES}

    assert set(DEFAULT_WORDING) == set(NAME_FALLBACK) == set(CUSTOMER_FALLBACK) == wanted


@pytest.mark.parametrize(
    "check", [test_every_language_has_its_catalogue, test_every_language_has_its_wording]
)
@override_settings(LANGUAGES=[*settings.LANGUAGES, ("de", "German")])
def test_a_language_without_its_texts_is_found(check) -> None:
    with pytest.raises(AssertionError, match="de"):
        check()


# --- Add a transport ----------------------------------------------------------------------------

TRANSPORTS = ROOT / "surveys" / "sending" / "transports"


def methods_of(path: Path, name: str) -> dict[str, list[str]]:
    """Each method of a class with its arguments, as written."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    bodies = [
        node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name
    ]
    return {
        node.name: [each.arg for each in (*node.args.args, *node.args.kwonlyargs)]
        for body in bodies
        for node in body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }


def transports() -> list[tuple[Path, str]]:
    return [
        (path, symbol)
        for path in sorted(TRANSPORTS.glob("*.py"))
        for symbol in sorted(symbols_of(path))
        if symbol.endswith("Transport") and symbol != "Transport"
    ]


def lacking(path: Path, name: str) -> list[str]:
    wanted = methods_of(TRANSPORTS / "base.py", "Transport")
    found = methods_of(path, name)
    return [method for method in wanted if found.get(method) != wanted[method]]


@pytest.mark.parametrize(
    ("path", "name"), transports(), ids=lambda each: getattr(each, "stem", each)
)
def test_a_transport_has_every_method(path: Path, name: str) -> None:
    assert lacking(path, name) == []


def test_a_transport_without_a_method_is_found(tmp_path: Path) -> None:
    module = tmp_path / "pigeon.py"
    module.write_text("class PigeonTransport:\n    def close(self) -> None: ...\n")

    assert lacking(module, "PigeonTransport") == ["compile", "send", "interrupted"]
    assert len(transports()) > 1
