from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field


class Response(Schema):
    id: int
    score: Annotated[int, Field(ge=0, le=10)]
    category: str
    comment: str
    extra: Annotated[dict[str, Any], Field(description="Answers to further questions.")]
    language: str
    answered_at: dt.datetime
    changed_at: dt.datetime
    invited_at: dt.datetime | None
    campaign: str
    customer_id: str | None
    segments: Annotated[dict[str, Any], Field(description="As they were when it was asked.")]
    tags: list[str]
    respondent_id: Annotated[int | None, Field(description="Null for a viewer's key.")]
    name: str | None
    email: str | None


class Responses(Schema):
    data: list[Response]
    next: str | None
