"""Rows as programs send them; a name that is left out is kept as it is, null empties."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from api.web.rest.fields import Body, DayText, MomentText, Text, counted

MOST_ROWS = 10_000
LONGEST = 200
_LARGEST = 10**17

CustomerId = Annotated[
    str, Field(min_length=1, max_length=LONGEST, description="Your own id of the customer.")
]
# Of a list; empty: of all.
OneCustomer = Annotated[Text, Field(max_length=LONGEST, description="Only of this one.")]
Email = Annotated[str, Field(min_length=3, max_length=254, json_schema_extra={"format": "email"})]
Short = Annotated[str, Field(max_length=LONGEST)]
Word = Annotated[str, Field(max_length=100)]
_number = Field(ge=-_LARGEST, le=_LARGEST)
_amount = Field(ge=0, le=999_999_999_998)
# Each with its limits: those of both together are in no description.
Number = Annotated[int, _number] | Annotated[float, _number]
Amount = Annotated[int, _amount] | Annotated[float, _amount]
Value = Short | int | float | bool | None
Attributes = Annotated[
    dict[Annotated[str, Field(min_length=1, max_length=50)], Value],
    Field(max_length=100, description="What segments are made of; null takes one away."),
]
Language = Literal["ja", "en"]


class CustomerFields(Body):
    name: Short | None = None
    started_on: Annotated[DayText | None, Field(description="The first day as a customer.")] = None
    churned_on: Annotated[
        DayText | None, Field(description="The day they left; null while they stay.")
    ] = None
    owner_email: Annotated[
        Email | None, Field(description="The CS member who looks after them.")
    ] = None
    renews_on: DayText | None = None
    seats: Annotated[int, *counted(0, 2_147_483_647)] | None = None
    churn_reason: Short | None = None
    churn_note: Annotated[str, Field(max_length=5000)] | None = None
    attributes: Attributes = {}


class CustomerRow(CustomerFields):
    customer_id: CustomerId


class RespondentRow(Body):
    email: Email
    customer_id: CustomerId
    name: Short | None = None
    role: Word | None = None
    language: Language | None = None
    time_zone: Annotated[str, Field(max_length=64, description="Such as Asia/Tokyo.")] | None = None
    attributes: Attributes = {}


class RevenueRow(Body):
    customer_id: CustomerId
    month: Annotated[
        str,
        Field(
            pattern=r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$",
            description="In force at the end of it; as 2026-04.",
        ),
    ]
    mrr: Amount
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    product: Word | None = None
    quantity: Amount | None = None


class UsageRow(Body):
    customer_id: CustomerId
    day: DayText
    measure: Annotated[str, Field(min_length=1, max_length=50, description="Such as logins.")]
    value: Number
    email: Annotated[Email | None, Field(description="The respondent whose number it is.")] = None


class EventRow(Body):
    customer_id: CustomerId
    kind: Annotated[str, Field(min_length=1, max_length=50, description="Such as ticket_opened.")]
    at: MomentText
    email: Annotated[Email | None, Field(description="Whom it concerns.")] = None
    ref: Annotated[
        Short | None, Field(description="Its number elsewhere, such as the ticket's.")
    ] = None
    value: Number | None = None
    note: Annotated[str, Field(max_length=5000)] | None = None
