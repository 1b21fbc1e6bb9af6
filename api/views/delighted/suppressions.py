"""/v1/unsubscribes and /v1/bounces."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from accounts.domain.access.roles import Permission
from accounts.domain.contactability import SuppressionReason
from api.domain import values
from api.domain.values import seconds
from api.queries.members import as_sent
from api.queries.suppressions import suppressed
from api.services.members import unsubscribe
from api.web.call import Answer, Call, answered, needs
from api.web.paging import numbered


@needs(Permission.VIEW_PEOPLE)
def unsubscribe_index(call: Call) -> Answer:
    reasons = [SuppressionReason.OPTED_OUT, SuppressionReason.COMPLAINED]
    return Answer(_records(call, reasons, moment="unsubscribed_at"))


@needs(Permission.VIEW_PEOPLE)
def bounce_index(call: Call) -> Answer:
    return Answer(_records(call, [SuppressionReason.BOUNCED], moment="bounced_at"))


@needs(Permission.IMPORT_DATA)
def create(call: Call) -> Answer:
    email = as_sent(values.text(call.body.get("person_email"), "person_email"))
    unsubscribe(call.project, email, key=call.key, now=call.now)
    return Answer({"ok": True}, 201)


def _records(
    call: Call, reasons: Sequence[SuppressionReason], *, moment: str
) -> list[dict[str, Any]]:
    rows = suppressed(call.project, reasons, call.span())
    return [
        {
            "person_id": each.shown_id,
            "email": each.email or None,
            "name": each.name or None,
            moment: seconds(each.suppressed_at),
        }
        for each in numbered(call, rows)
    ]


unsubscribes = answered(GET=unsubscribe_index, POST=create)
bounces = answered(GET=bounce_index)
