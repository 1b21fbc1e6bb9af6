from __future__ import annotations

import datetime as dt
from typing import Annotated

from ninja import Schema
from pydantic import Field

from api.domain.exports import ExportKind, ExportState
from api.web.rest.fields import Body, one_of

Kind = Annotated[str, *one_of([each.value for each in ExportKind])]


class NewExport(Body):
    kind: Kind


class Export(Schema):
    id: int
    kind: str
    state: ExportState
    rows: int | None
    created_at: dt.datetime
    finished_at: dt.datetime | None
    file: Annotated[str | None, Field(description="Its address, once it is done.")]
