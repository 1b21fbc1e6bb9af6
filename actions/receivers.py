from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext

from accounts.services.dimensions import Use, asks_by
from actions.models import FollowUpRule, TouchTable
from actions.queries.alerts.rules import of_dimension as alerts_of
from actions.queries.follow_ups.balance import imbalance
from actions.queries.goals import of_dimension
from actions.services.alerts.on_answer import tell
from actions.services.follow_ups.answers import on_changes
from actions.services.follow_ups.erase import forget_follow_ups
from actions.services.playbooks.erase import forget_runs
from actions.services.replies import doubt_waiting
from common.databases.backup import restored
from surveys.models import ResponseChange
from surveys.services.answers.receive import ledger_written
from surveys.services.people.erase import words_forgotten
from surveys.services.verify import promises_verified


@receiver(ledger_written, dispatch_uid="actions.follow_up_answers")
def follow_up_answers(sender: type, changes: Sequence[ResponseChange], **_: Any) -> None:
    on_changes(changes)
    # After the follow-up is there: it says who answers for it.
    tell(changes)


@receiver(words_forgotten, dispatch_uid="actions.forget_follow_ups")
def forget(sender: type, persons: Collection[int], names: Collection[str], **_: Any) -> None:
    forget_follow_ups(persons, names=names)
    forget_runs(persons, names=names)


@receiver(restored, dispatch_uid="actions.doubt_waiting_replies")
def doubt_waiting_replies(sender: type, now: dt.datetime, **_: Any) -> None:
    doubt_waiting(now=now)


@receiver(asks_by, dispatch_uid="actions.touch_table_asking_by")
def touch_table_asking_by(sender: type, name: str, **_: Any) -> list[Use]:
    table = TouchTable.objects.filter(dimension__name=name).first()
    values = {key.partition(":")[2] for key in table.cells} if table else set()
    return [Use(gettext("Touch table"), tuple(sorted(values)))] if table else []


@receiver(promises_verified, dispatch_uid="actions.follow_ups_in_balance")
def follow_ups_in_balance(sender: type, **_: Any) -> list[str]:
    return imbalance()


@receiver(asks_by, dispatch_uid="actions.key_persons_asking_by")
def key_persons_asking_by(sender: type, name: str, **_: Any) -> list[Use]:
    keys = FollowUpRule.objects.filter(key__startswith=f"{name}=").values_list("key", flat=True)
    return [Use(gettext("Key persons"), (key.partition("=")[2],)) for key in keys]


@receiver(asks_by, dispatch_uid="actions.goals_asking_by")
def goals_asking_by(sender: type, name: str, **_: Any) -> list[Use]:
    return [Use(each.name, (each.value,)) for each in of_dimension(name)]


@receiver(asks_by, dispatch_uid="actions.alerts_asking_by")
def alerts_asking_by(sender: type, name: str, **_: Any) -> list[Use]:
    return [Use(each.name, (each.value,)) for each in alerts_of(name)]
