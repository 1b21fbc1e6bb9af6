from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Model, OuterRef, Subquery

from accounts.models import Person
from surveys.domain.answers.validity import may_answer
from surveys.models import Campaign, Intent, Invitation, Response

# What is read of each model; the other columns are fetched when somebody asks for them.
READ: dict[type[Model], tuple[str, set[str]]] = {
    Invitation: ("", {"id", "public_id", "state", "sent_at", "claimed_at", "language"}),
    Campaign: (
        "campaign__",
        {
            *{"id", "product_name", "wording", "questions", "languages"},
            *{"expires_after_days", "from_address", "reply_to"},
        },
    ),
    Response: (
        "response__",
        {
            *{"id", "invitation_id", "score", "comment", "extra", "answered_at"},
            *{"suspect", "signals"},
        },
    ),
}
# What only a post asks of the other tables.
BESIDE = ("intent_signals",)
_ID = "the id that is asked for"


def find_invitation(public_id: str | None, *, for_post: bool = True) -> Invitation | None:
    """With its campaign, its response, `erased_at` of its person and, for a post, BESIDE."""
    row = _fetch(public_id, for_post=for_post) if public_id else None
    if row is None:
        return None
    found: Any = _made(Invitation, row)
    found.campaign = _made(Campaign, row)
    answered = row["response__id"] is not None
    response = _made(Response, row) if answered else None
    # As select_related does it: a response that is not there is not looked for again.
    Invitation.response.related.set_cached_value(found, response)
    for name in ("erased_at", *(BESIDE if for_post else ())):
        setattr(found, name, row[name])
    invitation: Invitation = found
    return invitation


def hold_invitation(public_id: str | None) -> Invitation | None:
    """Locked until the caller's transaction ends, and only then read.

    Posts for one link follow each other, each with what the one before it left. An erasure changes
    the link before it forgets words: what is written with the link held is forgotten, too.
    """
    held = Invitation.objects.filter(public_id=public_id).select_for_update(no_key=True)
    return find_invitation(public_id) if public_id and held.values_list("pk") else None


def names_of(invitation: Invitation) -> tuple[str, str]:
    """Of the respondent and of the customer; empty where there is none."""
    rows = Invitation.objects.filter(pk=invitation.pk)
    name, customer = rows.values_list("respondent__name", "respondent__customer__name").get()
    return name, customer or ""


def is_open(invitation: Any, *, now: dt.datetime) -> bool:
    """Of an invitation as `find_invitation` gives it."""
    response = getattr(invitation, "response", None)
    counts = response is not None and not response.suspect
    return invitation.erased_at is None and may_answer(
        state=invitation.state,
        asked_at=invitation.sent_at or invitation.claimed_at,
        days_to_answer=invitation.campaign.expires_after_days,
        first_answer_at=response.answered_at if response is not None and counts else None,
        now=now,
    )


class _Statement(NamedTuple):
    sql: str
    parameters: tuple[Any, ...]
    names: list[str]
    converters: dict[int, tuple[list[Callable[..., Any]], Any]]


@lru_cache(maxsize=2)
def _statement(for_post: bool) -> _Statement:
    """Written once a process: Django takes longer to write it than the database to answer it.

    The few values of further tables are subqueries, as PostgreSQL plans a join of seven tables for
    longer than it runs it.
    """
    names = [f"{prefix}{name}" for model, (prefix, _) in READ.items() for name in _columns(model)]
    person = Person.objects.filter(pk=OuterRef("person_id"))
    intent = Intent.objects.filter(invitation=OuterRef("pk"))
    beside = {
        "erased_at": Subquery(person.values("erased_at")),
        "intent_signals": Subquery(intent.values("signals")),
    }
    shown = {name: beside[name] for name in ("erased_at", *(BESIDE if for_post else ()))}
    rows = Invitation.objects.filter(public_id=_ID).order_by().annotate(**shown)
    compiler = rows.values_list(*names, *shown).query.get_compiler(connection=connection)
    sql, parameters = compiler.as_sql()
    converters = compiler.get_converters([expression for expression, *_ in compiler.select])
    return _Statement(sql, tuple(parameters), [*names, *shown], converters)


def _fetch(public_id: str, *, for_post: bool) -> dict[str, Any] | None:
    statement = _statement(for_post)
    parameters = [public_id if each == _ID else each for each in statement.parameters]
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, parameters)
        row = cursor.fetchone()
    if row is None:
        return None
    values = list(row)
    for position, (functions, expression) in statement.converters.items():
        for convert in functions:
            values[position] = convert(values[position], expression, connection)
    return dict(zip(statement.names, values, strict=True))


def _columns(model: type[Model]) -> list[str]:
    """In the order in which `from_db` wants them."""
    wanted = READ[model][1]
    return [each.attname for each in model._meta.concrete_fields if each.attname in wanted]


def _made(model: type[Model], row: dict[str, Any]) -> Model:
    prefix, columns = READ[model][0], _columns(model)
    return model.from_db(connection.alias, columns, [row[f"{prefix}{each}"] for each in columns])
