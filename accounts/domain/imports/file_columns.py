"""The files of the public contract: each kind of row, its columns declared with its fields."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from accounts.domain.imports.cells import calendars, numbers
from accounts.domain.imports.cells import values as cells
from accounts.domain.imports.declaration import (
    KNOWN_ID_HELP,
    Column,
    address,
    columns_of,
    dimensions_of,
    optional_address,
)
from accounts.domain.imports.fact_columns import EventRow, UsageRow


class FileKind(StrEnum):
    CUSTOMERS = "customers"
    RESPONDENTS = "respondents"
    REVENUE = "revenue"
    RESPONSES = "responses"
    RATES = "rates"
    USAGE = "usage"
    EVENTS = "events"


def _(text: str) -> str:
    """For those who collect the texts to translate: the domain knows no language."""
    return text


ID_HELP = _("The customer's id in your own system; at most 200 characters.")
ADDRESS_HELP = _("The e-mail address. Different spellings of one mailbox count as one person.")
MORE_HELP = _("Any other column becomes an attribute that reports can be split by.")
HANAKO, SAM = "hanako@aozora.example", "sam@harbor.example"


@dataclass(frozen=True, slots=True)
class CustomerRow:
    customer_id: Annotated[
        str, Column(read=cells.needed_id, required=True, help=ID_HELP, examples=("C001", "C002"))
    ]
    name: Annotated[
        str,
        Column(
            read=cells.read_text,
            is_field=True,
            help=_("The company's name."),
            examples=("株式会社青空", "Harbor Inc."),
        ),
    ]
    started_on: Annotated[
        date | None,
        Column(
            read=calendars.read_date,
            is_field=True,
            help=_("The first day as a customer, as YYYY-MM-DD."),
            examples=("2024-04-01", "2023-10-15"),
        ),
    ]
    churned_on: Annotated[
        date | None,
        Column(
            read=cells.read_end,
            is_field=True,
            help=_("The day they left, as YYYY-MM-DD; empty while they stay."),
            examples=("", "2026-03-31"),
        ),
    ]
    owner_email: Annotated[
        str,
        Column(
            read=optional_address,
            is_field=True,
            help=_("The e-mail address of the CS member who looks after them."),
            examples=("cs@example.com", ""),
        ),
    ]
    renews_on: Annotated[
        date | None,
        Column(
            read=calendars.read_date,
            is_field=True,
            help=_("The day the contract renews, as YYYY-MM-DD."),
            examples=("2027-04-01", ""),
        ),
    ]
    seats: Annotated[
        int | None,
        Column(
            read=numbers.read_count,
            is_field=True,
            is_dimension=True,
            is_attribute=True,
            help=_("How many seats they pay for, as a whole number."),
            examples=("25", "8"),
        ),
    ]
    churn_reason: Annotated[
        str,
        Column(
            read=cells.read_word,
            is_field=True,
            help=_("Why they left, in a few words that recur, such as Price."),
            examples=("", "Price"),
        ),
    ]
    churn_note: Annotated[
        str,
        Column(
            read=cells.read_comment,
            is_field=True,
            help=_("What else is known of why they left."),
            examples=("", "Moved to a cheaper tool."),
        ),
    ]
    attributes: dict[str, str]


@dataclass(frozen=True, slots=True)
class RespondentRow:
    email: Annotated[
        str, Column(read=address, required=True, help=ADDRESS_HELP, examples=(HANAKO, SAM))
    ]
    customer_id: Annotated[
        str,
        Column(read=cells.needed_id, required=True, help=KNOWN_ID_HELP, examples=("C001", "C002")),
    ]
    name: Annotated[
        str,
        Column(
            read=cells.read_text,
            is_field=True,
            help=_("The respondent's name."),
            examples=("青山 花子", "Sam Reed"),
        ),
    ]
    role: Annotated[
        str,
        Column(
            read=cells.read_word,
            is_field=True,
            is_dimension=True,
            help=_("Their role at the customer, such as Admin."),
            examples=("Admin", "Champion"),
        ),
    ]
    language: Annotated[
        str,
        Column(
            read=cells.read_language,
            is_field=True,
            is_dimension=True,
            help=_("The language of their surveys: ja or en."),
            examples=("ja", "en"),
        ),
    ]
    time_zone: Annotated[
        str,
        Column(
            read=cells.read_time_zone,
            is_field=True,
            help=_("Their time zone, such as Asia/Tokyo."),
            examples=("Asia/Tokyo", "Europe/London"),
        ),
    ]
    mail_key: str
    attributes: dict[str, str]


@dataclass(frozen=True, slots=True)
class RevenueRow:
    customer_id: Annotated[
        str,
        Column(
            read=cells.needed_id,
            required=True,
            help=KNOWN_ID_HELP,
            examples=("C001", "C001", "C002"),
        ),
    ]
    month: Annotated[
        date,
        Column(
            read=calendars.read_month,
            required=True,
            help=_("The month, as YYYY-MM."),
            examples=("2026-01", "2026-02", "2026-01"),
        ),
    ]
    mrr: Annotated[
        Decimal,
        Column(
            read=numbers.read_amount,
            required=True,
            is_field=True,
            help=_("Monthly recurring revenue in force at the end of that month; 0 means none."),
            examples=("120000", "150000", "80000"),
        ),
    ]
    currency: Annotated[
        str,
        Column(
            read=cells.read_currency,
            is_field=True,
            help=_("Three letters, such as JPY."),
            examples=("JPY", "JPY", "JPY"),
        ),
    ]
    product: Annotated[
        str,
        Column(
            read=cells.read_product,
            help=_("The product that the amount is for, where they have several; a row each."),
            examples=("Base", "Base", "Base"),
        ),
    ]
    quantity: Annotated[
        Decimal | None,
        Column(
            read=numbers.read_quantity,
            is_field=True,
            help=_("How many of it, such as seats."),
            examples=("20", "25", "8"),
        ),
    ]
    attributes: dict[str, str]


@dataclass(frozen=True, slots=True)
class ResponseRow:
    email: Annotated[
        str, Column(read=address, required=True, help=ADDRESS_HELP, examples=(HANAKO, SAM))
    ]
    score: Annotated[
        int,
        Column(
            read=numbers.read_score,
            required=True,
            help=_("A whole number from 0 to 10."),
            examples=("9", "4"),
        ),
    ]
    answered_at: Annotated[
        datetime,
        Column(
            read=calendars.read_moment,
            required=True,
            help=_("When they answered, as YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS+09:00."),
            examples=("2025-06-03T10:15:00+09:00", "2025-06-04T16:20:00Z"),
        ),
    ]
    customer_id: Annotated[
        str,
        Column(
            read=cells.read_id,
            help=_("The id of an imported customer; required where a person has several."),
            examples=("C001", "C002"),
        ),
    ]
    comment: Annotated[
        str,
        Column(
            read=cells.read_comment,
            help=_("What they wrote."),
            examples=("助かっています。", "Too many clicks."),
        ),
    ]
    language: Annotated[
        str,
        Column(
            read=cells.read_language,
            help=_("The language of the answer: ja or en."),
            examples=("ja", "en"),
        ),
    ]
    campaign: Annotated[
        str,
        Column(
            read=cells.read_text,
            help=_("The name of the survey it belonged to."),
            examples=("2025 spring", "2025 spring"),
        ),
    ]
    invited_at: Annotated[
        datetime | None,
        Column(
            read=calendars.read_moment,
            help=_("When they were asked; within the last year it counts towards the limit."),
            examples=("2025-06-02T09:00:00+09:00", "2025-06-02T08:00:00Z"),
        ),
    ]
    response_id: Annotated[
        str,
        Column(
            read=cells.read_id,
            help=_("The answer's id in the other system, so that it is imported only once."),
            examples=("old-1", "old-2"),
        ),
    ]
    mail_key: str
    attributes: dict[str, str]


@dataclass(frozen=True, slots=True)
class RateRow:
    month: Annotated[
        date,
        Column(
            read=calendars.read_month,
            required=True,
            help=_("The month, as YYYY-MM."),
            examples=("2026-01", "2026-02"),
        ),
    ]
    currency: Annotated[
        str,
        Column(
            read=cells.needed_currency,
            required=True,
            help=_("The other currency: three letters, such as USD."),
            examples=("USD", "USD"),
        ),
    ]
    rate: Annotated[
        Decimal,
        Column(
            read=numbers.read_rate,
            required=True,
            is_field=True,
            help=_("What one of it is worth in the currency of reports, such as 155.20."),
            examples=("155.20", "153.75"),
        ),
    ]
    attributes: dict[str, str]


ImportRow = CustomerRow | RespondentRow | RevenueRow | ResponseRow | RateRow | UsageRow | EventRow
ROWS: dict[FileKind, type[ImportRow]] = {
    FileKind.CUSTOMERS: CustomerRow,
    FileKind.RESPONDENTS: RespondentRow,
    FileKind.REVENUE: RevenueRow,
    FileKind.RESPONSES: ResponseRow,
    FileKind.RATES: RateRow,
    FileKind.USAGE: UsageRow,
    FileKind.EVENTS: EventRow,
}
# Known columns describe the respondent wherever they are imported from.
RESPONDENT_DIMENSIONS = frozenset(dimensions_of(RespondentRow))


def columns(kind: FileKind) -> dict[str, Column]:
    row: type = ROWS[kind]
    return columns_of(row)


def fields_by_hand(kind: FileKind) -> list[str]:
    """The columns that a person may correct on a page: what tells a customer from others stays."""
    return [name for name in columns(kind) if name != "customer_id"]
