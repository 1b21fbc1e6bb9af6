"""The files of facts over time: what was measured on a day, and what happened once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from accounts.domain.imports.cells import calendars, numbers
from accounts.domain.imports.cells import values as cells
from accounts.domain.imports.cells.texts import Cell, compared
from accounts.domain.imports.declaration import (
    KNOWN_ID_HELP,
    Column,
    optional_address,
)
from accounts.domain.segments import dimension_name


def _(text: str) -> str:
    """For those who collect the texts to translate: the domain knows no language."""
    return text


def name_in(cell: Cell) -> str:
    """A measure or a kind of event: `Ticket Opened` is ticket_opened, as the column would be."""
    text = compared(cells.read_text(cell, required=True))
    return (
        text
        if text.isidentifier() and text.islower() and len(text) <= 50
        else (dimension_name(text))
    )


@dataclass(frozen=True, slots=True)
class UsageRow:
    """One reading; in the wide form, without `measure` and `value`, those in `attributes`."""

    customer_id: Annotated[
        str,
        Column(read=cells.needed_id, required=True, help=KNOWN_ID_HELP, examples=("C001", "C002")),
    ]
    day: Annotated[
        date,
        Column(
            read=calendars.needed_date,
            required=True,
            help=_("The day that it was measured on, as YYYY-MM-DD; a month's number on its last."),
            examples=("2025-10-30", "2025-10-30"),
        ),
    ]
    measure: Annotated[
        str,
        Column(
            read=name_in,
            required=True,
            help=_(
                "What was measured, such as logins. Or leave measure and value out and add a "
                "column for each measure; an empty cell is no fact."
            ),
            examples=("logins", "logins"),
        ),
    ]
    value: Annotated[
        Decimal | None,
        Column(
            read=numbers.read_number,
            required=True,
            help=_("The number; it may be below 0."),
            examples=("42", "7"),
        ),
    ]
    email: Annotated[
        str,
        Column(
            read=optional_address,
            help=_("The respondent whose number it is; empty for one of the whole customer."),
            examples=("", ""),
        ),
    ]
    mail_key: str
    # The readings of a wide row by measure; of an empty cell there is none.
    attributes: dict[str, Decimal | None]

    @property
    def readings(self) -> dict[str, Decimal]:
        if self.measure and self.value is not None:
            return {self.measure: self.value}
        return {name: value for name, value in self.attributes.items() if value is not None}


@dataclass(frozen=True, slots=True)
class EventRow:
    customer_id: Annotated[
        str,
        Column(read=cells.needed_id, required=True, help=KNOWN_ID_HELP, examples=("C001", "C002")),
    ]
    kind: Annotated[
        str,
        Column(
            read=name_in,
            required=True,
            help=_(
                "What happened: onboarding_completed, ticket_opened, ticket_replied, "
                "ticket_resolved, purchased, renewed, referred, trained, community, attended, "
                "member_invited, contacted, or a kind of your own."
            ),
            examples=("ticket_opened", "contacted"),
        ),
    ]
    at: Annotated[
        datetime,
        Column(
            read=calendars.read_moment,
            required=True,
            help=_("When it happened, as YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS+09:00."),
            examples=("2025-10-30T10:15:00+09:00", "2025-10-29"),
        ),
    ]
    email: Annotated[
        str,
        Column(
            read=optional_address,
            help=_("Whom it concerns at the customer."),
            examples=("hanako@aozora.example", ""),
        ),
    ]
    ref: Annotated[
        str,
        Column(
            read=cells.read_id,
            help=_(
                "Its number in the other system, such as the ticket's; the events of one ticket "
                "have the same."
            ),
            examples=("T-1001", ""),
        ),
    ]
    value: Annotated[
        Decimal | None,
        Column(
            read=numbers.optional_number,
            help=_("A number that belongs to it, such as an amount."),
            examples=("", ""),
        ),
    ]
    note: Annotated[
        str,
        Column(
            read=cells.read_comment,
            help=_("What else is to be said."),
            examples=("", "Talked about the renewal."),
        ),
    ]
    mail_key: str
    attributes: dict[str, str]
