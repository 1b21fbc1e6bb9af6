"""Campaigns and invitations, as they are sent and as they are answered."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from api.views.rest.shapes.rows import CustomerId, Email, Language
from api.web.rest.fields import Body, BodyMoment, Text, counted, line, one_of
from surveys.domain.wording import FIELD_NAMES

PRODUCT = 100
Slug = Annotated[str, Field(pattern=r"^[-a-zA-Z0-9_]{1,80}$")]
Dimension = Annotated[Text, Field(min_length=1, max_length=50)]
Value = Annotated[Text, Field(max_length=200)]
Values = Annotated[list[Value], Field(min_length=1, max_length=200)]
Days = Annotated[int, *counted(1, 365)]


End = Annotated[Text, Field(min_length=1, max_length=30, description="A number, or a day.")]
Ends = dict[Literal["from", "to"], End]
Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description="As 09:00.")]
TextName = Annotated[str, *one_of(FIELD_NAMES)]


class Written(Body):
    audience: Annotated[
        dict[Dimension, Values],
        Field(
            max_length=20,
            description="By dimension, the values asked: one of each. Empty: everybody.",
        ),
    ] = {}
    ranges: Annotated[
        dict[Dimension, Ends],
        Field(
            max_length=20,
            description="By dimension, `_mrr`, `started_on` or `renews_on`: from one number or day "
            "to another, both included.",
        ),
    ] = {}
    asks_former: Annotated[
        bool, Field(description="Customers who left, instead of those who are there.")
    ] = False
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
    send_from: Annotated[Clock | None, Field(description="Not before, in their own zone.")] = None
    send_until: Clock | None = None
    weekdays: Annotated[
        list[Annotated[int, *counted(0, 6)]],
        Field(max_length=7, description="0 is Monday. Empty: every day."),
    ] = []
    holidays_of: Annotated[
        Literal["", "JP", "US", "GB", "DE", "FR", "SG", "AU"],
        Field(description="Not on the national holidays of."),
    ] = ""
    wording: Annotated[
        dict[Language, dict[TextName, Annotated[Text, Field(max_length=2000)]]],
        Field(description="By language the texts that differ from the usual ones."),
    ] = {}
    questions: Annotated[
        list[dict[str, Any]], Field(max_length=5, description="Further questions, as GET has them.")
    ] = []
    repeat: Annotated[
        Literal["", "every", "date"],
        Field(description="Once, every few months, or around a date."),
    ] = ""
    every_months: Annotated[int, *counted(1, 60)] | None = None
    date_name: Annotated[Text, Field(max_length=120, description="Such as renews_on.")] = ""
    date_days: Annotated[int, *counted(-3650, 3650, "Days after it, or before it if negative.")] = 0
    latest_days: Annotated[int, *counted(0, 3650, "Asked so many days late at most.")] = 14
    reserves_slot: Annotated[bool, Field(description="Others leave it one survey of the year.")] = (
        False
    )


class NewCampaign(Written):
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


class ChangedCampaign(Written):
    name: Annotated[str, *line(1, 120)] = ""


class Campaign(Schema):
    slug: str
    name: str
    state: str
    product_name: str
    audience: dict[str, Any]
    ranges: dict[str, Any]
    asks_former: bool
    languages: list[str]
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None
    per_hour: int | None
    minimum_gap_days: int
    expires_after_days: int
    reminder_after_days: int | None
    send_from: dt.time | None
    send_until: dt.time | None
    weekdays: list[int]
    holidays_of: str
    wording: dict[str, Any]
    questions: list[Any]
    repeat: str
    every_months: int | None
    date_name: str
    date_days: int
    latest_days: int
    reserves_slot: bool
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
