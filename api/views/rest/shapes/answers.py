"""What answers hold."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field


class Customer(Schema):
    customer_id: str
    name: str
    started_on: dt.date | None
    churned_on: dt.date | None
    owner_email: str
    renews_on: dt.date | None
    seats: int | None
    churn_reason: str
    churn_note: str
    attributes: dict[str, Any]
    created_at: dt.datetime
    updated_at: dt.datetime


class Respondent(Schema):
    id: int
    email: str
    customer_id: str | None
    name: str
    role: str
    language: str
    time_zone: str
    attributes: dict[str, Any]
    created_at: dt.datetime
    updated_at: dt.datetime


class Revenue(Schema):
    customer_id: str
    month: str
    mrr: int | float
    currency: str | None
    product: str | None
    quantity: int | float | None


class Usage(Schema):
    customer_id: str
    day: dt.date
    measure: str
    value: int | float
    email: str | None


class Event(Schema):
    id: int
    customer_id: str
    kind: str
    at: dt.datetime
    email: str | None
    ref: str | None
    value: int | float | None
    note: str | None


class RowError(Schema):
    row: int
    field: str
    detail: str
    fix: str


class Brought(Schema):
    received: int
    created: int
    updated: int
    unchanged: Annotated[int, Field(description="As it was known, or twice in the body.")]
    waiting: Annotated[int, Field(description="Of customers that nobody has named: for 30 days.")]
    refused: int
    errors: Annotated[list[RowError], Field(description="The first hundred.")]


class Customers(Schema):
    data: list[Customer]
    next: str | None


class Respondents(Schema):
    data: list[Respondent]
    next: str | None


class RevenueList(Schema):
    data: list[Revenue]
    next: str | None


class UsageList(Schema):
    data: list[Usage]
    next: str | None


class Events(Schema):
    data: list[Event]
    next: str | None
