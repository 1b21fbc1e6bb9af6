"""A batch of rows in one statement.

`bulk_create` resolves every value of every row as an expression, which takes longer than the
database takes to store them; an import writes hundreds of thousands.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import (
    BinaryField,
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    DecimalField,
    Field,
    FloatField,
    ForeignKey,
    IntegerField,
    JSONField,
    Model,
    TextField,
)

PLAIN = (str, int, type(None))
# A moment is a day, too, to Python: it stands first.
TYPES: dict[type, str] = {
    ForeignKey: "bigint",
    IntegerField: "bigint",
    DateTimeField: "timestamp with time zone",
    DateField: "date",
    DecimalField: "numeric",
    BooleanField: "boolean",
    FloatField: "double precision",
    CharField: "text",
    TextField: "text",
    BinaryField: "bytea",
    JSONField: "jsonb",
}


def upsert(objects: Sequence[Model], *, unique: Sequence[str], update: Sequence[str]) -> None:
    """Insert the objects; where one of the same `unique` fields is there, change it to them.

    With nothing in `update` the one that is there stays. Primary keys are not read back. At most
    a thousand objects: SQLite takes 32,766 parameters.
    """
    if not objects:
        return
    fields = [field for field in objects[0]._meta.concrete_fields if not field.primary_key]
    upsert_rows(
        type(objects[0]),
        [field.name for field in fields],
        [
            [_prepared(field, field.pre_save(each, add=True)) for field in fields]
            for each in objects
        ],
        unique=unique,
        update=update,
    )


def upsert_rows(
    model: type[Model],
    names: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    unique: Sequence[str],
    update: Sequence[str],
) -> None:
    """Like `upsert`, from plain values in the order of the `names` of fields. Making an object of
    each of a million readings would take a minute."""
    if not rows:
        return
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    table, values = table_of(rows, types=list(map(_type, fields)))
    statement = (
        f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} "
        f"({', '.join(map(_column, fields))}) {table} "
        + _on_conflict(model, unique=unique, update=update)
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def table_of(rows: Sequence[Sequence[object]], *, types: Sequence[str]) -> tuple[str, list[Any]]:
    """Plain values as a table that a statement can read, and its parameters.

    PostgreSQL takes one array a column: the driver reads every placeholder of a statement by
    itself, and a thousand rows of them take ten times as long as the database does.
    """
    if connection.vendor == "postgresql":
        columns_of = zip(types, zip(*rows, strict=True), strict=True)
        arrays = [f"{{{','.join(_written(column, kind))}}}" for kind, column in columns_of]
        columns = ", ".join(f"%s::{each}[]" for each in types)
        return f"SELECT * FROM unnest({columns})", arrays  # noqa: S608 - names of types
    row = f"({', '.join(['%s'] * len(types))})"
    plain = (str(value) if isinstance(value, date) else value for each in rows for value in each)
    return f"VALUES {', '.join([row] * len(rows))}", list(plain)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


# How a value stands in the text of an array, where that is not as Python writes it.
_WRITERS: dict[str, Callable[[Any], str]] = {
    "text": _quoted,
    "jsonb": _quoted,
    "bytea": lambda value: f'"\\\\x{value.hex()}"',
}


def _written(column: Iterable[object], kind: str) -> Iterator[str]:
    write = _WRITERS.get(kind, str)
    return ("NULL" if value is None else write(value) for value in column)


def _type(field: Field[Any, Any]) -> str:
    return next(name for kind, name in TYPES.items() if isinstance(field, kind))


def _on_conflict(model: type[Model], *, unique: Sequence[str], update: Sequence[str]) -> str:
    by_name = {field.name: _column(field) for field in model._meta.concrete_fields}
    target = ", ".join(by_name[name] for name in unique)
    changes = ", ".join(f"{by_name[name]} = EXCLUDED.{by_name[name]}" for name in update)
    return f"ON CONFLICT ({target}) " + (f"DO UPDATE SET {changes}" if changes else "DO NOTHING")


def _column(field: Field[Any, Any]) -> str:
    return connection.ops.quote_name(str(field.column))


def _prepared(field: Field[Any, Any], value: Any) -> object:
    if isinstance(field, JSONField):
        return None if value is None else json.dumps(value, cls=field.encoder)
    # Preparing a text or number gives the same again, at ten times the price of this question.
    return value if type(value) in PLAIN else field.get_db_prep_save(value, connection=connection)
