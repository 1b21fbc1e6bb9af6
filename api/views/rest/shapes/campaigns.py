"""Campaigns and invitations, as they are sent and as they are answered."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from api.views.rest.shapes.rows import CustomerId, Email, Language
from api.web.rest.fields import Body, BodyMoment, Text, counted, line

PRODUCT = 100
Slug = Annotated[str, Field(pattern=r"^[-a-zA-Z0-9_]{1,80}$")]
Dimension = Annotated[Text, Field(min_length=1, max_length=50)]
Value = Annotated[Text, Field(max_length=200)]
Values = Annotated[list[Value], Field(min_length=1, max_length=200)]
Days = Annotated[int, *counted(1, 365)]


class NewCampaign(Body):
    name: Annotated[str, *line(1, 120)]
    slug: (
        Annotated[
            str,
            Field(
                pattern=r"^[a-z0-9][a-z0-9-]{0,79}$",
                description="In its address; default: made of the name.",
            ),
        ]
        | None
    ) = None
    audience: Annotated[
        dict[Dimension, Values],
        Field(
            max_length=20,
            description="By dimension, the values asked: one of each. Empty: everybody.",
        ),
    ] = {}
    languages: Annotated[
        list[Language], Field(max_length=2, description="Only people of these; empty: all.")
    ] = []
    starts_at: Annotated[BodyMoment | None, Field(description="Default: when it is launched.")] = (
        None
    )
    ends_at: Annotated[BodyMoment | None, Field(description="Asks nobody after it.")] = None
    per_hour: Annotated[int, *counted(1, 1_000_000)] | None = None
    minimum_gap_days: Annotated[
        int, *counted(0, 365, "Whoever was asked within so many days is asked later.")
    ] = 0
    expires_after_days: Annotated[Days, Field(description="Days to answer.")] = 30
    reminder_after_days: Annotated[int, *counted(3, 365)] | None = None
    product_name: Annotated[str, *line(0, PRODUCT)] = ""
    sender_name: Annotated[str, *line(0, 75, "Default: each language's own.")] = ""
    from_address: Annotated[
        Literal[""] | Email,
        Field(description="Of a domain that campaigns may be sent from; default: the sender's."),
    ] = ""
    reply_to: Annotated[Literal[""] | Email, Field(description="Default: who it is from.")] = ""


class Campaign(Schema):
    slug: str
    name: str
    state: str
    audience: dict[str, Any]
    languages: list[str]
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None
    per_hour: int | None
    sender_name: str
    from_address: Annotated[str, Field(description="Empty: the organisation's sender.")]
    reply_to: str
    created_at: dt.datetime
    launched_at: dt.datetime | None
    finished_at: dt.datetime | None
    invitations: Annotated[dict[str, int], Field(description="How many, by state.")]


class Campaigns(Schema):
    data: list[Campaign]
    next: str | None


class DryRun(Schema):
    slug: str
    audience: int
    asked: int
    reasons: Annotated[dict[str, int], Field(description="Why the others are not asked.")]
    starts: dt.datetime | None
    ends: dt.datetime | None
    earliest: Annotated[
        dt.datetime | None, Field(description="When the first of the others may be asked.")
    ]


class NewInvitation(Body):
    email: Annotated[Email, Field(description="Of a respondent; POST /respondents makes one.")]
    customer_id: Annotated[
        CustomerId | None, Field(description="Where the person is one at several customers.")
    ] = None
    campaign: Annotated[
        Slug | None,
        Field(
            description="A running campaign, which then asks in its own words, also whom its "
            "audience leaves out. Default: one of the key's project."
        ),
    ] = None
    send_at: Annotated[
        BodyMoment | None, Field(description="Default: now, whatever the hours of campaigns.")
    ] = None
    product: Annotated[str, *line(0, PRODUCT, "What is asked about.")] = ""
    language: Annotated[Language | None, Field(description="Default: the respondent's.")] = None
    subject: Annotated[str, *line(0, 150, "Of the e-mail.")] = ""


class Invitation(Schema):
    id: int
    state: str
    reason: str
    campaign: str
    respondent_id: int
    send_at: dt.datetime | None
    sent_at: dt.datetime | None
    answered: bool
