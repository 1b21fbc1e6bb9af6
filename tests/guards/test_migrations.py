"""Migrations run while the code before them still does: each leaves it what it reads and writes.

Of what came after BEFORE_THE_RULE. A migration that has to break the rule stands in MAY with its
reason, which the changelog repeats.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

ROOT = Path(__file__).resolve().parents[2]
BEFORE_THE_RULE = {"accounts": 29, "actions": 24, "analytics": 6, "api": 7, "surveys": 16}
MAY: dict[str, str] = {}
# What may have so many rows that a lock of their table for an index stops answers or e-mails.
LARGE = {
    "attempt", "auditevent", "auditseal", "customerversion", "deliveryevent", "event",
    "fieldchange", "healthscore", "intent", "invitation", "monthlyrevenue", "person", "reading",
    "respondent", "respondentreading", "response", "responsechange", "slot",
}  # fmt: skip


def new_ones() -> Iterator[tuple[str, migrations.Migration]]:
    for app, last in BEFORE_THE_RULE.items():
        for path in sorted((ROOT / app / "migrations").glob("[0-9]*.py")):
            if int(path.name[:4]) > last:
                module = import_module(f"{app}.migrations.{path.stem}")
                yield f"{app}.{path.stem}", module.Migration


def breaks(operations: list[Operation]) -> Iterator[str]:
    made = {each.name.lower() for each in operations if isinstance(each, migrations.CreateModel)}
    for each in operations:
        if reason := _reason(each, made):
            yield f"{type(each).__name__} {vars(each).get('name', '')}: {reason}"


def _reason(operation: Operation, made: set[str]) -> str:
    said: dict[str, Any] = vars(operation)
    model = str(said.get("model_name", said.get("name", ""))).lower()
    match operation:
        case migrations.RemoveField() | migrations.DeleteModel():
            return "the code before still reads it; remove it one release later"
        case migrations.RenameField() | migrations.RenameModel() | migrations.AlterModelTable():
            return "the code before knows the old name; add, copy, and remove one release later"
        case migrations.AddField(field=field) if model not in made and not _fills_itself(field):
            return "the code before writes no value: null=True or a db_default"
        case migrations.AddIndex() | migrations.AddConstraint() if model in LARGE - made:
            return "locks a table that grows: RunSQL with CREATE INDEX CONCURRENTLY, atomic = False"
    return ""


def _fills_itself(field: models.Field[Any, Any]) -> bool:
    many = isinstance(field, models.ManyToManyField)
    return many or field.null or field.db_default is not models.NOT_PROVIDED


def test_new_migrations_leave_the_code_before_them_what_it_needs() -> None:
    found = [
        f"{name}: {fault}"
        for name, migration in new_ones()
        if name not in MAY
        for fault in breaks(migration.operations)
    ]

    assert found == []


def test_the_list_of_exceptions_names_what_is_there() -> None:
    assert set(MAY) <= {name for name, _ in new_ones()}
    assert {each._meta.model_name for each in apps.get_models()} >= LARGE


def added(**options: Any) -> Operation:
    return migrations.AddField("customer", "tier", models.CharField(max_length=9, **options))


def indexed(model: str) -> Operation:
    return migrations.AddIndex(model, models.Index(fields=["at"], name="x"))


@pytest.mark.parametrize(
    ("operation", "is_found"),
    [
        (migrations.RemoveField("response", "comment"), True),
        (migrations.RenameField("customer", "name", "title"), True),
        (migrations.DeleteModel("Slot"), True),
        (added(default=""), True),
        (added(db_default=""), False),
        (added(null=True), False),
        (indexed("response"), True),
        (indexed("campaign"), False),
    ],
)
def test_what_breaks_running_code_is_found(operation: Operation, is_found: bool) -> None:
    assert bool(list(breaks([operation]))) is is_found


def test_what_a_migration_makes_itself_it_may_index() -> None:
    made = migrations.CreateModel("Intent", [("id", models.BigAutoField(primary_key=True))])
    index = migrations.AddIndex("intent", models.Index(fields=["id"], name="x"))

    assert list(breaks([made, index])) == []
