"""What a batch of an import did to the tables, row by row, and how exactly that is taken back."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, groupby
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection
from django.db.models import Model, QuerySet

from accounts.domain.reasons import ReasonCode, Refused, reason
from accounts.models import Dimension
from accounts.services.dimensions import uses_of

Values = tuple[Any, ...]
Image = dict[type[Model], dict[Any, Values]]
# SQLite takes 32,766 parameters in a statement.
ROWS = 500
# Worked out from other rows by night: gone with the row that they are about.
_derived: set[type[Model]] = set()


class NotTakenBack(Refused):
    """Something was built on the import since."""


class Entry(NamedTuple):
    """One row: as it was (None: not there), and a digest of what it became (None: deleted)."""

    model: str
    pk: Any
    before: list[Any] | None
    after: str | None


def register_derived(model: type[Model]) -> None:
    _derived.add(model)


def image(touched: Sequence[QuerySet[Any]]) -> Image:
    """The rows as they are; held until the transaction ends, so that no other import moves them."""
    found: Image = {}
    for rows in touched:
        held = rows.order_by().select_for_update(of=("self",))
        found.setdefault(rows.model, {}).update(
            {values[0]: values for values in held.values_list(*_names(rows.model))}
        )
    return found


def difference(before: Image, after: Image) -> list[Entry]:
    found = (_entries(model, before[model], after[model]) for model in after)
    return list(chain.from_iterable(found))


def take_back(entries: Sequence[Entry]) -> None:
    """Of one batch, inside a transaction: all as it was, or `NotTakenBack`."""
    parts = [
        (apps.get_model(label), list(mine))
        for label, mine in groupby(entries, key=lambda each: each.model)
    ]
    for model, mine in parts:
        _refuse_what_changed(model, mine)
    for model, mine in reversed(parts):
        _delete(model, [each.pk for each in mine if each.before is None])
    for model, mine in parts:
        _restore(model, [each.before for each in mine if each.before is not None])


def _names(model: type[Model]) -> list[str]:
    """The primary key first."""
    fields = sorted(model._meta.concrete_fields, key=lambda field: not field.primary_key)
    return [field.attname for field in fields]


def _entries(
    model: type[Model], before: Mapping[Any, Values], after: Mapping[Any, Values]
) -> Iterator[Entry]:
    for pk in {**before, **after}:
        old, new = before.get(pk), after.get(pk)
        if old != new:
            was = None if old is None else json.loads(_json(old))
            yield Entry(model._meta.label, pk, was, None if new is None else _digest(new))


def _json(values: Values) -> str:
    return json.dumps(values, default=_plain, sort_keys=True)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def _digest(values: Values) -> str:
    return hashlib.blake2b(_json(values).encode(), digest_size=8).hexdigest()


def _refuse_what_changed(model: type[Model], entries: Sequence[Entry]) -> None:
    """A row that is as nobody left it was changed later; one that is gone has nothing to lose."""
    expected = {each.pk: each for each in entries}
    for pks in _chunks(list(expected)):
        now = image([model._default_manager.filter(pk__in=pks)])[model]
        for pk in pks:
            there, entry = now.get(pk), expected[pk]
            gone_anyway = there is None and entry.before is None
            if not gone_anyway and (_digest(there) if there else None) != entry.after:
                raise _changed(model, pk, entry)


def _changed(model: type[Model], pk: Any, entry: Entry) -> NotTakenBack:
    found = model._default_manager.filter(pk=pk).first()
    what = str(model._meta.verbose_name)
    return NotTakenBack(reason(ReasonCode.UNDO_CHANGED, what=what, row=found or pk))


def _delete(model: type[Model], pks: Sequence[Any]) -> None:
    for some in _chunks(pks):
        rows = model._default_manager.filter(pk__in=some)
        _refuse_what_is_used(model, some)
        rows._raw_delete(rows.db)


def _refuse_what_is_used(model: type[Model], pks: Sequence[Any]) -> None:
    for field in model._meta.get_fields(include_hidden=True):
        if field.concrete or not field.auto_created or not (field.one_to_many or field.one_to_one):
            continue
        by: type[Model] = field.related_model  # type: ignore[assignment]
        users = by._default_manager.filter(**{f"{field.field.name}__in": pks})  # type: ignore[union-attr]
        if by in _derived:
            users.delete()
        elif user := users.first():
            used = getattr(user, field.field.name)  # type: ignore[union-attr]
            raise _used(model, used, by=str(by._meta.verbose_name))
    if model is Dimension:
        for dimension in Dimension.objects.filter(pk__in=pks):
            if uses := uses_of(dimension):
                raise _used(model, dimension, by=uses[0].name)


def _used(model: type[Model], row: object, *, by: str) -> NotTakenBack:
    what = str(model._meta.verbose_name)
    return NotTakenBack(reason(ReasonCode.UNDO_USED, what=what, row=row, by=by))


def _restore(model: type[Model], rows: Sequence[list[Any]]) -> None:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    ordered = [fields[name] for name in _names(model)]
    columns = [connection.ops.quote_name(str(field.column)) for field in ordered]
    one = f"({', '.join(['%s'] * len(columns))})"
    changes = ", ".join(f"{column} = EXCLUDED.{column}" for column in columns[1:])
    for some in _chunks(rows):
        values = [
            field.get_db_prep_save(field.to_python(value), connection=connection)
            for row in some
            for field, value in zip(ordered, row, strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} "  # noqa: S608
                f"({', '.join(columns)}) VALUES {', '.join([one] * len(some))} "
                f"ON CONFLICT ({columns[0]}) DO UPDATE SET {changes}",
                values,
            )


def _chunks(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), ROWS):
        yield rows[start : start + ROWS]
