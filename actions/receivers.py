from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.dispatch import receiver

from accounts.services.dimensions import Use, asks_by
from actions.queries.goals import of_dimension
from actions.services.follow_ups.answers import on_changes
from actions.services.follow_ups.erase import forget_follow_ups
from surveys.models import ResponseChange
from surveys.services.answers.receive import ledger_written
from surveys.services.people.erase import words_forgotten


@receiver(ledger_written, dispatch_uid="actions.follow_up_answers")
def follow_up_answers(sender: type, changes: Sequence[ResponseChange], **_: Any) -> None:
    on_changes(changes)


@receiver(words_forgotten, dispatch_uid="actions.forget_follow_ups")
def forget(sender: type, persons: Collection[int], names: Collection[str], **_: Any) -> None:
    forget_follow_ups(persons, names=names)


@receiver(asks_by, dispatch_uid="actions.goals_asking_by")
def goals_asking_by(sender: type, name: str, **_: Any) -> list[Use]:
    return [Use(each.name, (each.value,)) for each in of_dimension(name)]
