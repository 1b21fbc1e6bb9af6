"""Which events any webhook is told of at all, kept in each process for two seconds.

Most answers concern no webhook, and those cost no query. Whoever is told is read anew each time: a
webhook that is switched off meanwhile hears nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from api.domain.events import Event as Name
from api.models import Subscription

SECONDS = 2.0


class _Heard:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._names: frozenset[str] = frozenset()
        self._until = 0.0

    def any_of(self, names: tuple[Name, ...]) -> bool:
        if self._clock() >= self._until:
            events = Subscription.objects.order_by().values_list("events", flat=True)
            self._names = frozenset(name for each in events for name in each)
            self._until = self._clock() + SECONDS
        return not self._names.isdisjoint(names)

    def forget(self) -> None:
        self._until = 0.0


heard = _Heard()


@receiver([post_save, post_delete], sender=Subscription, dispatch_uid="api.heard")
def _saved(**_: Any) -> None:
    heard.forget()
