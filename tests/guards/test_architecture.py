"""The import chart of docs/architecture.md, held by a test."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ["accounts", "surveys", "analytics", "actions", "api"]
# Between packages: each may import those to its left.
PACKAGES = ["config", "common", *APPS, "local"]
# Of config all the others see the settings, by Django, and what publishes tasks. What puts the
# whole house together imports all of it.
PUBLISHES = ("config", "celery")
ENTRANCES = {("config", "urls"), ("config", "wsgi"), ("config", "asgi")}
# The settings take their values from the rules that all others take them from, too.
BY_CONFIG = {("common", "resilience"), ("accounts", "domain")}
# Inside an app: a floor may import the floors to its left, and itself. What is on no floor here is
# an interface: views, commands, tasks, addresses.
FLOORS = {
    "accounts": ["domain", "labels", "models", "queries", "services"],
    "actions": ["domain", "labels", "models", "queries", "reports", "charts", "services"],
    "api": ["domain", "labels", "models", "queries", "services"],
    "surveys": ["domain", "labels", "models", "queries", "services", "sending"],
    "analytics": [
        "domain", "labels", "models", "queries", "counting", "services", "charts", "reports",
        "exports",
    ],
}  # fmt: skip
INTERFACE = "interface"
# Pairs of floors of analytics of which one imports the other, and pairs of its folders and of what
# lies loose beside them; docs/architecture.md says it, too.
ARROWS, ROOM_ARROWS = 25, 42
# Its matter is the clocks themselves: how far this machine's is off from the database's.
COMPARES_CLOCKS = ("surveys", "queries", "calendar", "clock")
# What everything else asks of sending, it asks of the package itself.
SENDING = ("surveys", "sending")
PURE_FOR_DOMAIN = {"django", "celery", "config", "common", "local", "redis", "environ"}
ONLY_IN_ANALYTICS_DOMAIN = {"pandas", "numpy"}
# Read with no argument, these give the present moment.
CLOCKS = {"now", "today", "utcnow", "localdate", "localtime", "time.time", "monotonic"}


def modules() -> list[Path]:
    found = [path for name in PACKAGES for path in sorted((ROOT / name).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts]


def floor_of(parts: tuple[str, ...]) -> str:
    """The floor of `app.part.…`."""
    name = parts[1] if len(parts) > 1 else ""
    return name if name in FLOORS.get(parts[0], []) else INTERFACE


def height_of(parts: tuple[str, ...]) -> int:
    return [*FLOORS.get(parts[0], []), INTERFACE].index(floor_of(parts))


def name_of(path: Path) -> tuple[str, ...]:
    return path.relative_to(ROOT).with_suffix("").parts


def imports_of(path: Path) -> list[tuple[str, ...]]:
    return imports_in(path.read_text())


@cache
def imports_in(text: str) -> list[tuple[str, ...]]:
    """Read once for all the tests here."""
    return list(_imports(ast.parse(text)))


def _imports(tree: ast.Module) -> Iterator[tuple[str, ...]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (tuple(alias.name.split(".")) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((*node.module.split("."), alias.name) for alias in node.names)


def violations_of(path: Path) -> list[str]:
    mine = name_of(path)
    found = []
    for target in imports_of(path):
        if target[0] not in PACKAGES:
            continue
        if points_up(mine, target):
            found.append(f"{'.'.join(mine)} imports the later package {'.'.join(target)}")
        elif target[0] == mine[0] and height_of(target) > height_of(mine):
            found.append(f"{'.'.join(mine)} imports the higher floor {'.'.join(target)}")
    return found


def points_up(mine: tuple[str, ...], target: tuple[str, ...]) -> bool:
    if mine[0] == target[0] or mine in ENTRANCES:
        return False
    if mine[0] == "config":
        return target[:2] not in BY_CONFIG
    if target[0] == "config":
        return target[:2] != PUBLISHES
    return PACKAGES.index(target[0]) > PACKAGES.index(mine[0])


def imported_modules(path: Path, names: set[tuple[str, ...]]) -> set[tuple[str, ...]]:
    """The modules of the house that one module imports, in functions too, as the files they are."""
    found = set()
    for target in imports_of(path):
        module = target if target in names else target[:-1]
        if module in names and module != name_of(path):
            found.add(module)
    return found


def circle_in(graph: dict[tuple[str, ...], set[tuple[str, ...]]]) -> list[str]:
    """The modules that remain when whoever imports nothing more is taken away, again and again."""
    left = dict(graph)
    while free := [name for name, targets in left.items() if not targets & left.keys()]:
        for name in free:
            del left[name]
    return sorted(".".join(name) for name in left)


def reads_clock(call: ast.Call) -> bool:
    name = ast.unparse(call.func)
    last = name.rpartition(".")[2]
    if last == "now":
        return "." in name  # also datetime.now(tz)
    return not call.args and (last in CLOCKS or name in CLOCKS)


def test_imports_point_one_way() -> None:
    assert [line for path in modules() for line in violations_of(path)] == []


def arrows(app: str, place: Callable[[tuple[str, ...]], str]) -> set[tuple[str, str]]:
    paths = [path for path in modules() if name_of(path)[0] == app]
    pairs = (
        (place(name_of(path)), place(target))
        for path in paths
        for target in imports_of(path)
        if target[0] == app
    )
    return {pair for pair in pairs if pair[0] != pair[1]}


def room_of(parts: tuple[str, ...]) -> str:
    return parts[1]


def test_the_floors_of_analytics_know_no_more_of_one_another() -> None:
    assert len(arrows("analytics", floor_of)) == ARROWS
    assert len(arrows("analytics", room_of)) == ROOM_ARROWS


def reaches_into_sending(path: Path) -> list[str]:
    mine = name_of(path)
    deep = [target for target in imports_of(path) if target[:2] == SENDING and len(target) > 3]
    return [] if mine[:2] == SENDING else [f"{'.'.join(mine)}: {'.'.join(each)}" for each in deep]


def test_nothing_outside_imports_a_module_of_sending() -> None:
    assert [line for path in modules() for line in reaches_into_sending(path)] == []


def test_no_modules_import_one_another() -> None:
    paths = modules()
    names = {name_of(path) for path in paths}

    assert circle_in({name_of(path): imported_modules(path, names) for path in paths}) == []


def test_a_circle_is_found_with_all_its_modules() -> None:
    a, b, c, d = (("accounts", name) for name in "abcd")

    assert circle_in({a: {b}, b: {c}, c: {b}, d: set()}) == [
        "accounts.a", "accounts.b", "accounts.c"
    ]  # fmt: skip


def test_domain_is_pure() -> None:
    found = []
    for path in modules():
        if name_of(path)[1:2] != ("domain",):
            continue
        for target in imports_of(path):
            impure = target[0] in PURE_FOR_DOMAIN
            frames = target[0] in ONLY_IN_ANALYTICS_DOMAIN and name_of(path)[0] != "analytics"
            elsewhere = target[0] in APPS and target[1:2] != ("domain",)
            if impure or frames or elsewhere:
                found.append(f"{'.'.join(name_of(path))} imports {'.'.join(target)}")
    assert found == []


def test_below_the_interface_nothing_reads_a_clock() -> None:
    found = []
    for path in modules():
        if floor_of(name_of(path)) == INTERFACE or name_of(path) == COMPARES_CLOCKS:
            continue
        calls = (
            node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)
        )
        found += [
            f"{'.'.join(name_of(path))}:{call.lineno} {ast.unparse(call)}"
            for call in calls
            if reads_clock(call)
        ]
    assert found == []


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("accounts/models/customers.py", "from surveys.models import Campaign"),
        ("surveys/domain/answers/scoring.py", "from surveys.services import slots"),
        ("surveys/models/campaigns.py", "import surveys.views.campaigns"),
        ("analytics/charts/trend.py", "from analytics.reports.answers.trend import TrendReport"),
        ("analytics/queries/filters.py", "import analytics.counting.cells.answers"),
        ("common/caching/cache.py", "from accounts.models import Customer"),
        ("common/caching/cache.py", "from config.env import env"),
        ("surveys/services/campaigns/plan.py", "from surveys.sending import send_batch"),
        ("config/health.py", "from surveys.queries import metric_lines"),
        ("surveys/domain/answers/scoring.py", "from local.inbox.files import Mail"),
    ],
)
def test_a_wrong_import_is_found(tmp_path: Path, module: str, text: str, monkeypatch) -> None:
    path = tmp_path / module
    path.parent.mkdir(parents=True)
    path.write_text(text)
    monkeypatch.setitem(globals(), "ROOT", tmp_path)

    assert len(violations_of(path)) == 1


def test_an_import_of_a_module_of_sending_is_found(tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "surveys" / "views" / "campaigns.py"
    path.parent.mkdir(parents=True)
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    path.write_text("from surveys.sending.claims.claim import settle_and_claim")
    assert len(reaches_into_sending(path)) == 1

    path.write_text("from surveys.sending import send_batch")
    assert reaches_into_sending(path) == []
