"""What goes of a person's own facts when they are erased."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from accounts.domain.imports.file_columns import FileKind
from accounts.models import Event, Pulse, RespondentReading, WaitingRow
from accounts.services.people import erased_key

# A shorter name would be found inside of other words.
SHORTEST_NAME = 2


def forget_facts(
    persons: Collection[int], mail_keys: Collection[str], *, names: Collection[str] = ()
) -> None:
    """Their readings go; the customer's sums stay, as counts do. Of events the address and the
    words go, and the hash that stands for the address tells the events of a moment apart.

    `names` are their names and addresses: what staff wrote of their customers and names them goes.
    """
    RespondentReading.objects.filter(respondent__person__in=persons).delete()
    WaitingRow.objects.filter(mail_key__in=mail_keys).delete()
    _forget_waiting_notes([each for each in names if "@" in each])
    own = Q(respondent__person__in=persons) | Q(mail_key__in=mail_keys)
    for event in Event.objects.filter(own).exclude(mail_key__startswith="erased:"):
        key = erased_key(event.mail_key) if event.mail_key else ""
        Event.objects.filter(pk=event.pk).update(email="", note="", mail_key=key)
    for name in names:
        if len(name) >= SHORTEST_NAME:
            at_theirs = Q(customer__respondents__person__in=persons)
            notes = Event.objects.filter(at_theirs, note__icontains=name).values("pk")
            Event.objects.filter(pk__in=notes).update(note="")
            reasons = Pulse.objects.filter(at_theirs, reason__icontains=name).values("pk")
            Pulse.objects.filter(pk__in=reasons).update(reason="")


def _forget_waiting_notes(addresses: Collection[str]) -> None:
    """Of customers that nobody has named, so whose a mere name is nobody knows.

    Looked through here: one of the databases keeps such texts with their letters escaped.
    """
    wanted = [each.lower() for each in addresses]
    rows = WaitingRow.objects.filter(kind=FileKind.EVENTS)
    for row in rows.iterator(chunk_size=2000) if wanted else ():
        said = dict(zip(row.header, row.cells, strict=True)).get("note")
        if said and any(each in str(said).lower() for each in wanted):
            row.cells[row.header.index("note")] = ""
            row.save(update_fields=["cells"])
