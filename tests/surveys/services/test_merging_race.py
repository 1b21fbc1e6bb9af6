"""An opt-out and a merge at the same moment: whichever comes second knows of the other."""

from __future__ import annotations

import datetime as dt
import threading
import time

import pytest
from django.db import connection, transaction

from accounts.domain.contactability import SuppressionReason
from accounts.models import Person, Suppression
from accounts.services.suppression import suppress
from surveys.services import slots
from tests.world import HOUR, NOW, make_person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def test_an_opt_out_that_waits_for_a_merge_reaches_whom_it_led_to() -> None:
    """Of somebody who was merged before: the lock that matters is that of the person kept."""
    first, second, third = make_person(), make_person(), make_person()
    slots.merge_persons(second, first, now=NOW, by=None)

    def opt_out() -> None:
        try:
            moment = NOW + dt.timedelta(hours=2)
            suppress(Person.objects.get(pk=first.pk), SuppressionReason.OPTED_OUT, now=moment)
        finally:
            connection.close()

    waiting = threading.Thread(target=opt_out)
    with transaction.atomic():
        slots._merge(third, second, now=NOW + HOUR, by=None)
        waiting.start()
        time.sleep(0.5)
    waiting.join(30)

    stopped = set(Suppression.objects.active().values_list("person", flat=True))
    assert stopped == {first.pk, second.pk, third.pk}
