"""The rule that is shown is the rule that runs: production reaches every definition in `domain`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("config", "common", "accounts", "surveys", "analytics", "actions", "api", "local")
Name = tuple[str, str]
"""A module and what it defines."""


@cache
def parsed(source: str) -> ast.Module:
    return ast.parse(source)


class Module:
    """The names that one file defines and imports."""

    def __init__(self, source: str) -> None:
        self.tree = parsed(source)

    @cached_property
    def defined(self) -> dict[str, ast.stmt]:
        found: dict[str, ast.stmt] = {}
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                found[node.name] = node
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                names = (each for target in targets for each in ast.walk(target))
                found |= {each.id: node for each in names if isinstance(each, ast.Name)}
        return found

    @cached_property
    def imported(self) -> dict[str, tuple[str, ...]]:
        """What a name stands for, in functions too: a module, or a module and a name in it."""
        found: dict[str, tuple[str, ...]] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                found |= {each.asname or each.name: (node.module, each.name) for each in node.names}
            elif isinstance(node, ast.Import):
                found |= {each.asname: (each.name,) for each in node.names if each.asname}
        return found


class House:
    def __init__(self, sources: Mapping[str, str]) -> None:
        self.modules = {name: Module(source) for name, source in sources.items()}

    def unreached(self) -> list[str]:
        reached = self._reached()
        return sorted(
            f"{module}.{name}"
            for module, found in self.modules.items()
            if ".domain" in module
            for name in found.defined
            if (module, name) not in reached
        )

    def _reached(self) -> set[Name]:
        to_visit = list(self._called_at_start())
        reached: set[Name] = set()
        while to_visit:
            name = to_visit.pop()
            if name not in reached:
                reached.add(name)
                module, within = name
                to_visit.extend(self._uses(module, self.modules[module].defined[within]))
        return reached

    def _called_at_start(self) -> Iterator[Name]:
        """All that stands outside of `domain`; the demo data is no use of a rule."""
        for module, found in self.modules.items():
            if ".domain" not in module and ".demo" not in module:
                yield from self._uses(module, found.tree)

    def _uses(self, module: str, within: ast.AST) -> Iterator[Name]:
        for node in ast.walk(within):
            if isinstance(node, ast.Name):
                yield from self._meant(module, node.id)
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                whole = ".".join(self.modules[module].imported.get(node.value.id, ()))
                yield from self._meant(whole, node.attr)

    def _meant(self, module: str, name: str) -> Iterator[Name]:
        """Where a name is defined, through whatever module hands it on."""
        found = self.modules.get(module)
        if found is None:
            return
        if name in found.defined:
            yield module, name
        elif len(whence := found.imported.get(name, ())) == 2 and whence != (module, name):
            yield from self._meant(*whence)


def unread_methods(sources: Mapping[str, str], templates: str = "") -> list[str]:
    """Methods in `domain` whose name stands behind no dot anywhere: by name only, as what it is
    called on is not known here."""
    trees = {name: parsed(source) for name, source in sources.items()}
    nodes = [node for tree in trees.values() for node in ast.walk(tree)]
    read = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    # By name at run time: getattr, and the fields of rows.
    constants = (node.value for node in nodes if isinstance(node, ast.Constant))
    read |= {each for each in constants if isinstance(each, str)}
    read |= set(re.findall(r"\.(\w+)", templates))
    return sorted(
        f"{module}.{kind.name}.{each.name}"
        for module, tree in trees.items()
        if ".domain" in module
        for kind in tree.body
        if isinstance(kind, ast.ClassDef)
        for each in kind.body
        if isinstance(each, ast.FunctionDef)
        if each.name not in read and not each.name.startswith("__")
    )


def our_house() -> dict[str, str]:
    paths = (path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): (
            path.read_text(encoding="utf-8")
        )
        for path in paths
        if "migrations" not in path.parts
    }


def test_production_reaches_every_rule() -> None:
    assert list(House(our_house()).unreached()) == []


def test_production_reads_every_method_of_a_rule() -> None:
    paths = (ROOT / "templates").rglob("*.*")
    templates = "\n".join(path.read_text(encoding="utf-8") for path in paths)

    assert unread_methods(our_house(), templates) == []


def test_a_method_that_only_tests_call_is_found() -> None:
    house = our_house()
    house["surveys.domain.timing"] += "\n\nclass Slot:\n    def adds_up(self) -> bool: ...\n"

    assert "surveys.domain.timing.Slot.adds_up" in unread_methods(house)


RULES = """
LIMIT = 2
SPARE = 3

class Slot:
    limit = LIMIT

def reserve(): return Slot()
def anchor(): return settle()
def settle(): return anchor()
"""


@pytest.mark.parametrize(
    "caller",
    [
        "from a.domain.rules import reserve\nreserve()",
        "from a.domain.rules import reserve as hold\ndef plan(): hold()",
        "from a.domain import rules\nrules.reserve()",
        "import a.domain.rules as r\nclass Plan:\n    how = staticmethod(r.reserve)",
        "from a.domain import reserve\nreserve()",
        "def plan():\n    from a.domain.rules import reserve\n    return reserve()",
    ],
)
def test_a_rule_that_nothing_calls_is_found(caller: str) -> None:
    """Also those that only call each other; what a called rule needs is reached with it."""
    house = {
        "a.domain": "from a.domain.rules import reserve",
        "a.domain.rules": RULES,
        "a.services.plan": caller,
    }
    unreached = ["a.domain.rules.SPARE", "a.domain.rules.anchor", "a.domain.rules.settle"]

    assert House(house).unreached() == unreached


def test_an_import_alone_and_the_demo_reach_nothing() -> None:
    house = {
        "a.domain.rules": "def reserve(): ...",
        "a.services.plan": "from a.domain.rules import reserve",
        "a.demo.world": "from a.domain.rules import reserve\nreserve()",
    }

    assert House(house).unreached() == ["a.domain.rules.reserve"]


def test_a_rule_planted_in_our_own_house_is_found() -> None:
    house = our_house()
    house["surveys.domain.timing"] += "\n\ndef never_asked() -> None: ...\n"

    assert "surveys.domain.timing.never_asked" in House(house).unreached()
