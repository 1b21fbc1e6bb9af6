from __future__ import annotations

import pytest
from django.core import mail
from django.utils import translation

from actions.models import Delivery
from actions.services.deliveries import trial
from actions.services.deliveries.channels import disable_gone
from tests.actions.alerting import make_channel, tick
from tests.staffing import make_staff
from tests.world import NOW

pytestmark = pytest.mark.django_db


def test_a_test_says_whose_it_is(settings) -> None:
    settings.ORGANISATION_NAME = "Ember"
    with translation.override("ja"):
        note = trial.note(Delivery(), NOW)
    assert note.title == "Ember からのテスト"
    assert note.data == {"message": "test", "sent_at": NOW.isoformat()}


def test_an_admin_who_has_left_or_a_channel_that_is_back_needs_no_word() -> None:
    admin = make_staff("admin")
    make_staff("admin", "left@koe.example", is_active=False)
    channel = make_channel()
    disable_gone(channel, now=NOW)
    assert [each.staff for each in Delivery.objects.all()] == [admin]

    channel.disabled = ""
    channel.save()
    assert (tick(NOW), mail.outbox) == (0, [])
