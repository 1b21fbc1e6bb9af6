"""Follow-ups, and what can be done with one."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from actions.domain.follow_ups.states import BY_HAND
from api.views.rest.shapes.rows import CustomerId, Email
from api.web.rest.fields import Body, BodyDay, counted, one_of

Words = Annotated[str, Field(min_length=1, max_length=5000)]
Version = Annotated[
    int, *counted(1, 2_000_000_000, "As it was read: what changed meanwhile is not lost.")
]
Dismissal = Annotated[str, *one_of([each.value for each in BY_HAND])]


class NewFollowUp(Body):
    customer_id: CustomerId
    text: Annotated[Words, Field(description="What is to be done.")]
    owner: Annotated[Email | None, Field(description="A CS member; null: nobody yet.")] = None


class Assign(Body):
    version: Version
    owner: Annotated[Email, Field(description="A CS member.")]


class Comment(Body):
    version: Version
    comment: Words
    contacted: Annotated[bool, Field(description="The customer was reached.")] = False


class Work(Body):
    """Start it; one that is closed is reopened."""

    version: Version
    state: Literal["working"]
    reason: Annotated[str, Field(max_length=5000)] = ""


class Wait(Body):
    version: Version
    state: Literal["waiting"]
    until: BodyDay
    reason: Words


class Close(Body):
    version: Version
    state: Literal["closed"]
    root_cause: Annotated[str, Field(min_length=1, max_length=50)]
    outcome: Annotated[Words, Field(description="What was done.")]
    contacted: bool = False


class Dismiss(Body):
    version: Version
    state: Literal["closed"]
    dismissed: Annotated[Dismissal, Field(description="Why nobody follows it up.")]
    note: Annotated[str, Field(max_length=5000)] = ""


Change = Assign | Comment | Work | Wait | Close | Dismiss


class FollowUp(Schema):
    id: int
    version: int
    state: str
    trigger: str
    customer_id: str | None
    respondent_id: int | None
    owner: str | None
    opened_at: dt.datetime
    due_at: dt.datetime
    first_contact_at: dt.datetime | None
    closed_at: dt.datetime | None
    closed_as: str
    root_cause: str
    outcome: str
    responses: Annotated[list[int], Field(description="The answers that it is about.")]


class FollowUps(Schema):
    data: list[FollowUp]
    next: str | None
