"""Inserting invitations by the hundred: one statement per batch, as planning a million needs."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Field

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
}


def insert_queued(campaign: Campaign, wanted: Sequence[Decided]) -> dict[int, int]:
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
        ]
        for each in wanted
    ]
    same = _same_for_all(campaign)
    columns = ", ".join((*same, *_VARYING))
    constants = ", ".join(["%s"] * len(same))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Invitation._meta.db_table} ({columns})"
            f" SELECT {constants}, {_cells()} WHERE true"
            " ON CONFLICT DO NOTHING RETURNING person_id, id",
            [*same.values(), json.dumps(rows)],
        )
        return dict(cursor.fetchall())


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
