from __future__ import annotations

import datetime as dt

from django.db import transaction

from surveys.models import Invitation, Response
from surveys.services.answers.receive import change_of, counted_score, write_ledger


@transaction.atomic
def correct_answer(
    response: Response, *, score: int, comment: str, tags: str, now: dt.datetime
) -> Response:
    """Another program knows better what was answered; the ledger keeps what stood before."""
    # As a post for its link does it: they follow each other.
    held = Invitation.objects.filter(pk=response.invitation_id).select_for_update(no_key=True)
    list(held.values_list("pk"))
    row = Response.objects.get(pk=response.pk)
    before = counted_score(row)
    differs = (row.score, row.comment) != (score, comment)
    row.score, row.comment, row.tags = score, comment, tags
    row.changed_at = max(now, row.changed_at)
    row.save(update_fields=["score", "comment", "tags", "changed_at"])
    if differs:
        write_ledger([change_of(row, before=before, at=row.changed_at)])
    return row
