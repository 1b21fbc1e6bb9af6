from __future__ import annotations

import pytest

from accounts.domain.contactability import SuppressionReason
from accounts.services.suppression import suppress
from api.models import Event
from tests.api.hooks import make_webhook
from tests.world import DAY, NOW, make_person

pytestmark = pytest.mark.django_db


def test_of_what_was_so_long_ago_nobody_is_told(time_machine) -> None:
    time_machine.move_to(NOW)
    make_webhook()
    suppress(make_person(), SuppressionReason.OPTED_OUT, now=NOW - 3 * DAY)

    assert not Event.objects.exists()

    suppress(make_person(), SuppressionReason.OPTED_OUT, now=NOW - DAY)
    assert Event.objects.count() == 1
