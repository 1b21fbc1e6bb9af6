"""What goes of a person's own facts when they are erased."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

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
