from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.dispatch import receiver

from accounts.models import Person
from api.models import Ask, Member, Membership
from surveys.services.people.erase import words_forgotten


@receiver(words_forgotten, sender=Person, dispatch_uid="api.words_forgotten")
def forget_members(*, persons: Sequence[int], **_: Any) -> None:
    asked = Ask.objects.filter(Q(member__person__in=persons) | Q(invitation__person__in=persons))
    asked.update(properties={})
    Membership.objects.filter(member__person__in=persons).delete()
    Member.objects.filter(person__in=persons).update(
        email="", email_key="", name="", phone_number=""
    )
