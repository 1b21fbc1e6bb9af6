from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from accounts.models import Person
from api.models import Ask, Member
from api.services.members import forget
from surveys.services.people.erase import words_forgotten


@receiver(words_forgotten, sender=Person, dispatch_uid="api.words_forgotten")
def forget_members(*, persons: Sequence[int], **_: Any) -> None:
    # Asked under a name that became another member's as well.
    Ask.objects.filter(invitation__person__in=persons).update(properties={})
    forget(Member.objects.filter(person__in=persons))
