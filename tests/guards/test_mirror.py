"""The test of a file is found under its name: that of `a/b/c.py` is `tests/a/b/test_c.py`.

A module of more than 30 lines has one, or stands in a list: it decides nothing (a table, a list of
addresses). The list may not name a module that has its test. No folder holds many more than ten.
"""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
AREAS = ("accounts", "actions", "analytics", "api", "common", "config", "local", "surveys")
LARGE = 30
# About ten. Django finds commands and migrations in one folder only.
MODULES = 12
EXEMPT = {"commands", "migrations"}
# Declarations: what they say is what their users are tested for.
DECLARE = [
    "actions/domain/deliveries/states.py",
    "actions/labels.py",
    "actions/models/alerts.py",
    "actions/models/deliveries.py",
    "actions/models/follow_ups.py",
    "actions/models/playbooks.py",
    "actions/models/replies.py",
    "actions/models/saved_views.py",
    "actions/models/settings.py",
    "actions/models/touch.py",
    "actions/tasks.py",
    "actions/urls.py",
    "accounts/domain/access/audit.py",
    "accounts/domain/imports/words.py",
    "accounts/domain/reasons.py",
    "accounts/models/audit.py",
    "accounts/models/customers.py",
    "accounts/models/facts.py",
    "accounts/models/imports.py",
    "accounts/models/metrics.py",
    "accounts/models/people.py",
    "accounts/models/scheduled.py",
    "accounts/models/staff.py",
    "accounts/urls.py",
    "analytics/labels/headings.py",
    "analytics/domain/health/formulas/faults.py",
    "analytics/domain/health/formulas/formula.py",
    "analytics/domain/health/formulas/sources.py",
    "analytics/models/cells.py",
    "analytics/models/health.py",
    "analytics/tasks.py",
    "analytics/urls.py",
    "analytics/views/health/example.py",
    "api/models/autopilot.py",
    "api/models/exports.py",
    "api/models/keys.py",
    "api/models/people.py",
    "api/tasks.py",
    "api/views/rest/shapes/answers.py",
    "api/views/rest/shapes/campaigns.py",
    "api/views/rest/shapes/follow_ups.py",
    "api/views/rest/shapes/responses.py",
    "api/views/rest/shapes/rows.py",
    "api/models/webhooks.py",
    "common/admin.py",
    "common/models.py",
    "surveys/demo/comments/english.py",
    "surveys/demo/comments/japanese.py",
    "surveys/demo/facts/words.py",
    "surveys/demo/shape.py",
    "surveys/demo/words.py",
    "surveys/domain/states.py",
    "surveys/models/campaigns.py",
    "surveys/models/delivery.py",
    "surveys/models/invitations.py",
    "surveys/models/responses.py",
    "surveys/sending/transports/base.py",
    "surveys/tasks.py",
    "surveys/urls.py",
]


def large(path: Path) -> bool:
    return len(path.read_text(encoding="utf-8").splitlines()) > LARGE


def modules(root: Path = ROOT) -> list[str]:
    found = [path for area in AREAS for path in sorted((root / area).rglob("*.py"))]
    return [
        path.relative_to(root).as_posix()
        for path in found
        if "migrations" not in path.parts and path.name != "__init__.py" and large(path)
    ]


def without_test(root: Path = ROOT) -> set[str]:
    return {
        module
        for module in modules(root)
        if not (root / "tests" / module).with_name(f"test_{Path(module).name}").exists()
    }


def test_every_module_has_its_test_under_its_name() -> None:
    assert sorted(without_test() - set(DECLARE)) == []


def test_the_list_names_only_what_has_no_test() -> None:
    assert sorted(set(DECLARE) - without_test()) == []


def test_a_module_without_test_is_found(tmp_path: Path) -> None:
    for name in ("large", "tested", "small"):
        module = tmp_path / "common" / f"{name}.py"
        module.parent.mkdir(exist_ok=True)
        module.write_text("x = 1\n" * (LARGE + (name != "small")))
    test = tmp_path / "tests" / "common" / "test_tested.py"
    test.parent.mkdir(parents=True)
    test.write_text("")

    assert without_test(tmp_path) == {"common/large.py"}


def overfull(root: Path) -> dict[str, int]:
    """Folders with more modules than one looks through, and how many."""
    folders = {path.parent for path in root.rglob("*.py") if not EXEMPT & set(path.parts)}
    counts = {
        str(folder.relative_to(root)): sum(
            path.name != "__init__.py" for path in folder.glob("*.py")
        )
        for folder in folders
    }
    return {name: count for name, count in counts.items() if count > MODULES}


def test_no_folder_holds_more_modules_than_one_looks_through() -> None:
    for area in (*AREAS, "benchmarks", "tests"):
        assert overfull(ROOT / area) == {}


def test_an_overfull_folder_is_found(tmp_path: Path) -> None:
    for number in range(MODULES + 1):
        (tmp_path / f"module_{number}.py").touch()
    assert overfull(tmp_path) == {".": MODULES + 1}
