"""Statements written with the ORM, compiled once and then run by name of their values.

What a claim depends on is a queryset, so that its states, rules and columns come from where the
rest of the house has them; compiling one anew for each e-mail would cost as much as the e-mail.
"""

from __future__ import annotations

import re
from typing import Any

from django.db import connection
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


def select_ids(rows: QuerySet[Any]) -> str:
    return _text(*rows.order_by().values_list("pk").query.get_compiler("default").as_sql())


def update(rows: QuerySet[Any], **values: Any) -> str:
    query: Any = rows.order_by().query.chain(UpdateQuery)
    query.add_update_values(values)
    return _text(*query.get_compiler("default").as_sql())


def finished(sql: str, **expressions: str) -> str:
    """As the driver takes it: a name is one of the expressions, else a value given at the run."""
    written = "%({})s" if connection.vendor == "postgresql" else ":{}"

    def place(found: re.Match[str]) -> str:
        return expressions.get(found[1], written.format(found[1]))

    # Shorter: the driver keeps what it makes of a text below 4,096 signs, and no name needs quotes.
    return _NAME.sub(place, " ".join(sql.replace('"', "").split()))


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
