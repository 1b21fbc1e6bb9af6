"""What a program does with a follow-up, by the same services as staff."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from accounts.models import StaffUser
from actions.domain.follow_ups.states import Dismissal, State
from actions.models import FollowUp
from actions.services.follow_ups import work
from actions.services.follow_ups.work import Act
from api.models import ApiKey
from api.services.rest.noting import note_write

LONGEST_SNOOZE = dt.timedelta(days=365)


@transaction.atomic
def change(
    follow_up: FollowUp, given: dict[str, Any], *, seen: int, key: ApiKey, now: dt.datetime
) -> None:
    """One change, as `given` names it. Raises what `work` raises."""
    act = Act(follow_up, seen, None, now, program=key.name)
    if to := given.get("to"):
        work.assign(act, to=to)
    elif "comment" in given:
        work.comment(act, text=given["comment"], contacted=given["contacted"])
    elif "dismissed" in given:
        work.dismiss(act, reason=Dismissal(given["dismissed"]), note=given["note"])
    elif given["state"] == State.WAITING:
        work.snooze(act, until=given["until"], reason=given["reason"])
    elif given["state"] == State.CLOSED:
        cause, outcome = given["root_cause"], given["outcome"]
        work.close(act, cause=cause, outcome=outcome, contacted=given["contacted"])
    elif follow_up.state == State.CLOSED:
        work.reopen(act, reason=given["reason"])
    else:
        work.start(act)
    note_write(key, "change", f"follow-up {follow_up.pk}", now=now)


def staff_by_email(email: str) -> StaffUser | None:
    return StaffUser.objects.filter(email__iexact=email, is_active=True).first()
