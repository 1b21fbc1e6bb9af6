"""What each column of an import means, and a file to start from."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.domain.import_rows import FileKind

_ID = _("The customer's id in your own system; at most 200 characters.")
_ADDRESS = _("The e-mail address. Different spellings of one mailbox count as one person.")
_MORE = _("Any other column becomes an attribute that reports can be split by.")

COLUMN_HELP: dict[FileKind, dict[str, str | Promise]] = {
    FileKind.CUSTOMERS: {
        "customer_id": _ID,
        "name": _("The company's name."),
        "started_on": _("The first day as a customer, as YYYY-MM-DD."),
        "churned_on": _("The day they left, as YYYY-MM-DD; empty while they stay."),
        "owner_email": _("The e-mail address of the CS member who looks after them."),
        "…": _MORE,
    },
    FileKind.RESPONDENTS: {
        "email": _ADDRESS,
        "customer_id": _("The id of an imported customer."),
        "name": _("The respondent's name."),
        "role": _("Their role at the customer, such as Admin."),
        "language": _("The language of their surveys: ja or en."),
        "time_zone": _("Their time zone, such as Asia/Tokyo."),
        "…": _MORE,
    },
    FileKind.REVENUE: {
        "customer_id": _("The id of an imported customer."),
        "month": _("The month, as YYYY-MM."),
        "mrr": _("Monthly recurring revenue in force at the end of that month; 0 means none."),
        "currency": _("Three letters, such as JPY."),
    },
    FileKind.RESPONSES: {
        "email": _ADDRESS,
        "score": _("A whole number from 0 to 10."),
        "answered_at": _("When they answered, as YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS+09:00."),
        "customer_id": _("The id of an imported customer; required where a person has several."),
        "comment": _("What they wrote."),
        "language": _("The language of the answer: ja or en."),
        "campaign": _("The name of the survey it belonged to."),
        "invited_at": _("When they were asked; within the last year it counts towards the limit."),
        "response_id": _("The answer's id in the other system, so that it is imported only once."),
        "…": _MORE,
    },
}

_EXAMPLES: dict[FileKind, list[list[str]]] = {
    FileKind.CUSTOMERS: [
        ["customer_id", "name", "started_on", "churned_on", "owner_email", "contract", "region"],
        ["C001", "株式会社青空", "2024-04-01", "", "cs@example.com", "enterprise", "関東"],
        ["C002", "Harbor Inc.", "2023-10-15", "2026-03-31", "", "business", "EMEA"],
    ],
    FileKind.RESPONDENTS: [
        ["email", "customer_id", "name", "role", "language", "time_zone"],
        ["hanako@aozora.example", "C001", "青山 花子", "Admin", "ja", "Asia/Tokyo"],
        ["sam@harbor.example", "C002", "Sam Reed", "Champion", "en", "Europe/London"],
    ],
    FileKind.REVENUE: [
        ["customer_id", "month", "mrr", "currency"],
        ["C001", "2026-01", "120000", "JPY"],
        ["C001", "2026-02", "150000", "JPY"],
        ["C002", "2026-01", "80000", "JPY"],
    ],
    FileKind.RESPONSES: [
        ["email", "score", "answered_at", "customer_id", "comment", "language", "campaign",
         "invited_at", "response_id"],
        ["hanako@aozora.example", "9", "2025-06-03T10:15:00+09:00", "C001", "助かっています。",
         "ja", "2025 spring", "2025-06-02T09:00:00+09:00", "old-1"],
        ["sam@harbor.example", "4", "2025-06-04T16:20:00Z", "C002", "Too many clicks.", "en",
         "2025 spring", "2025-06-02T08:00:00Z", "old-2"],
    ],
}  # fmt: skip


def example_rows(kind: FileKind) -> list[list[str]]:
    """The header and a few rows."""
    return _EXAMPLES[kind]
