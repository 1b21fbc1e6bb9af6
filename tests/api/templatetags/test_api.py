from __future__ import annotations

import pytest

from actions.models import Channel
from api.domain.events import Event
from api.models import Subscription
from api.templatetags import api
from tests.api.hooks import make_webhook

pytestmark = pytest.mark.django_db


def test_what_a_channel_is_told_of_in_words() -> None:
    webhook = make_webhook(Event.ANSWERED, Event.OPTED_OUT)
    other = Channel.objects.create(name="room", kind="slack", language="en")

    assert api.subscription_of(webhook.channel) == webhook
    assert api.subscription_of(other) is api.subscription_of(None) is None
    assert api.event_names(webhook) == "New answer, Opted out"


def test_webhooks_that_were_switched_off_are_not_in_use() -> None:
    make_webhook()
    gone = make_webhook()
    assert api.webhooks_in_use() == Subscription.objects.count() == 2

    Channel.objects.filter(pk=gone.channel_id).update(disabled="gone")

    assert api.webhooks_in_use() == 1
    assert api.api_keys_in_use() == 0
