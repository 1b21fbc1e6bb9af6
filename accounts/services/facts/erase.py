"""What goes of a person's own facts when they are erased."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from accounts.models import Event, RespondentReading
from accounts.services.people import erased_key


def forget_facts(persons: Collection[int], mail_keys: Collection[str]) -> None:
    """Their readings go; the customer's sums stay, as counts do. Of events the address and the
    words go, and the hash that stands for the address tells the events of a moment apart.
    """
    RespondentReading.objects.filter(respondent__person__in=persons).delete()
    own = Q(respondent__person__in=persons) | Q(mail_key__in=mail_keys)
    for event in Event.objects.filter(own).exclude(mail_key__startswith="erased:"):
        key = erased_key(event.mail_key) if event.mail_key else ""
        Event.objects.filter(pk=event.pk).update(email="", note="", mail_key=key)
