"""Statements written with the ORM, compiled once and then run by name of their values.

What an e-mail depends on is a queryset, so that its states, rules and columns come from where the
rest of the house has them; compiling one anew for each e-mail would cost as much as the e-mail.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Expression, Field, QuerySet
from django.db.models.sql import UpdateQuery

_NAME = re.compile(r"<<(\w+)>>")


class Parameter(Expression):
    """A value that is known when the statement is run, under this name."""

    def __init__(self, name: str, field: Field[Any, Any]) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return f"<<{self.name}>>", ()


@dataclass(frozen=True, slots=True)
class Statement:
    """As the driver takes it, with the names of its values in the order of their places."""

    text: str
    names: tuple[str, ...]

    def run(self, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """What it returns. On the driver's own cursor: Django's wrapping would cost more.

        Raises Django's exceptions.
        """
        db = connections[DEFAULT_DB_ALIAS]
        db.ensure_connection()
        with db.wrap_database_errors:
            cursor = _cursor(db)
            cursor.execute(self.text, [values[name] for name in self.names])
            found: list[tuple[Any, ...]] = cursor.fetchall() if cursor.description else []
            return found


def _cursor(db: Any) -> Any:
    raw = db.connection
    if db.vendor != "postgresql":
        return raw.cursor()
    import psycopg

    # As for Django's server-side cursors: not where a pool shares sessions between transactions.
    if raw.prepare_threshold is None and not db.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
        raw.prepare_threshold = 0
        # Planning them takes longer than running them, and their plans fit all values.
        raw.execute("SET plan_cache_mode = force_generic_plan")
    return psycopg.RawCursor(raw)


def select(rows: QuerySet[Any, Any]) -> str:
    return _text(*rows.query.get_compiler("default").as_sql())


def update(rows: QuerySet[Any], **values: Any) -> str:
    query: Any = rows.order_by().query.chain(UpdateQuery)
    query.add_update_values(values)
    return _text(*query.get_compiler("default").as_sql())


def finished(sql: str) -> Statement:
    names: list[str] = []
    is_numbered = connection.vendor == "postgresql"

    def place(found: re.Match[str]) -> str:
        name = found[1]
        if name not in names or not is_numbered:
            names.append(name)
        if not is_numbered:
            return "?"
        return f"${names.index(name) + 1}"

    return Statement(_NAME.sub(place, " ".join(sql.split())), tuple(names))


def _text(sql: str, params: tuple[Any, ...]) -> str:
    return sql % tuple(map(_literal, params))


def _literal(value: object) -> str:
    """Of the statement itself: a planner that sees a state knows which partial index holds it."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    raise TypeError(f"{value!r} is given at the run, as a Parameter")
