"""Inserting invitations by the hundred: one statement per batch, as planning a million needs."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Field

from surveys.domain.campaigns.occasions import Repeat, rest_of
from surveys.domain.states import InvitationState
from surveys.models import Campaign, Invitation
from surveys.models.invitations import new_public_id
from surveys.queries.campaigns.planning import Decided

# What differs from row to row; every other column is the same for all rows of a batch.
_VARYING = {
    "respondent_id": "bigint",
    "person_id": "bigint",
    "public_id": "text",
    "send_at": "timestamptz",
    "send_by": "timestamptz",
    "email": "text",
    "language": "text",
    "occasion": "text",
    "ask_by": "timestamptz",
}
# Whoever was asked lately is not asked again, whatever was read of their dates before: the
# campaign's row is locked meanwhile, so that no other planner's insert comes in between.
_NOT_ASKED_SINCE = (
    " AND NOT EXISTS (SELECT 1 FROM surveys_invitation lately WHERE lately.campaign_id = %s"
    " AND lately.person_id = {person} AND lately.send_at > %s)"
)


def insert_queued(
    campaign: Campaign, wanted: Sequence[Decided], *, now: dt.datetime
) -> dict[int, int]:
    """Queued invitations by person, without those whom another planner invited before."""
    rows = [
        [
            each.facts.respondent_id,
            each.facts.person_id,
            new_public_id(),
            _moment(each.send_at),
            _moment(each.send_by),
            each.email,
            each.facts.language,
            each.facts.occasion.key if each.facts.occasion else "",
            _moment(each.facts.occasion.over_at if each.facts.occasion else None),
        ]
        for each in wanted
    ]
    same = _same_for_all(campaign)
    columns = ", ".join((*same, *_VARYING))
    constants = ", ".join(["%s"] * len(same))
    condition, values = _condition(campaign, now=now)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Invitation._meta.db_table} ({columns})"
            f" SELECT {constants}, {_cells()} WHERE true{condition}"
            " ON CONFLICT DO NOTHING RETURNING person_id, id",
            [*same.values(), json.dumps(rows), *values],
        )
        return dict(cursor.fetchall())


def _condition(campaign: Campaign, *, now: dt.datetime) -> tuple[str, list[Any]]:
    if not campaign.goes_on:
        return "", []
    since = now - rest_of(Repeat(campaign.repeat), months=campaign.every_months or 0)
    person = list(_VARYING).index("person_id")
    cell = f"json_extract(value, '$[{person}]')"
    if connection.vendor == "postgresql":
        cell = f"(value ->> {person})::bigint"
    return _NOT_ASKED_SINCE.format(person=cell), [campaign.pk, _moment(since)]


def _moment(moment: dt.datetime | None) -> str | None:
    return None if moment is None else str(connection.ops.adapt_datetimefield_value(moment))


def _cells() -> str:
    """The columns of the rows in the JSON parameter, and where they come from."""
    if connection.vendor == "postgresql":
        cells = (f"(value ->> {index})::{kind}" for index, kind in enumerate(_VARYING.values()))
        return f"{', '.join(cells)} FROM json_array_elements(%s::json) AS listed(value)"
    cells = (f"json_extract(value, '$[{index}]')" for index in range(len(_VARYING)))
    return f"{', '.join(cells)} FROM json_each(%s)"


def _same_for_all(campaign: Campaign) -> dict[str, Any]:
    row = Invitation(campaign=campaign, state=InvitationState.QUEUED)
    return {
        str(field.column): field.get_db_prep_save(field.pre_save(row, add=True), connection)
        for field in Invitation._meta.concrete_fields
        if isinstance(field, Field) and not field.primary_key and field.column not in _VARYING
    }
