"""Which facts files have told of, and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from accounts.models import ImportedFact


def record_facts(facts: Iterable[str], *, on: dt.date) -> None:
    for fact in facts:
        row, _ = ImportedFact.objects.get_or_create(
            fact=fact, defaults={"first_on": on, "last_on": on}
        )
        ImportedFact.objects.filter(pk=row.pk, last_on__lt=on).update(last_on=on)
        ImportedFact.objects.filter(pk=row.pk, first_on__gt=on).update(first_on=on)
