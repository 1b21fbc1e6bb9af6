"""Who is not mailed, by address: for systems that mail the same people."""

from __future__ import annotations

from collections.abc import Iterator

from accounts.domain.contactability import SuppressionReason
from accounts.models import Respondent, Suppression
from accounts.queries.exports import CHUNK, Line, in_turns, written

COLUMNS = ("email", "reason", "since", "until")
WORDS = {each.value: each.value for each in SuppressionReason} | {
    SuppressionReason.OPTED_OUT.value: "unsubscribed"
}
# What stands where a person has no address: erased, or known by a telephone number alone.
_NO_ADDRESS = ("erased:", "tel:")


def exported_suppressions() -> Iterator[Line]:
    """The header, then a line for each address of a person and each reason in force."""
    yield list(COLUMNS)
    for pks in in_turns(Suppression.objects.active().order_by("created_at", "pk")):
        rows = Suppression.objects.select_related("person").in_bulk(pks)
        addresses = _addresses({each.person_id for each in rows.values()})
        for row in (rows[pk] for pk in pks if pk in rows):
            key = row.person.mail_key
            known = addresses.get(row.person_id) or {key.casefold(): key}
            until = row.until.isoformat() if row.until else ""
            for email in known.values():
                if not email.startswith(_NO_ADDRESS):
                    yield [written(email), WORDS[row.reason], row.created_at.isoformat(), until]


def _addresses(persons: set[int]) -> dict[int, dict[str, str]]:
    """Of each person, once in whatever case they are written."""
    found: dict[int, dict[str, str]] = {}
    rows = Respondent.objects.filter(person__in=persons).exclude(email="").order_by("pk")
    for person, email in rows.values_list("person", "email").iterator(chunk_size=CHUNK):
        found.setdefault(person, {}).setdefault(email.casefold(), email)
    return found
