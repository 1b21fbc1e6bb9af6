from __future__ import annotations

import pytest

from actions.models import Channel
from api.domain.events import Event as Name
from api.templatetags.api import event_names, subscription_of, webhooks_in_use
from tests.actions.alerting import make_channel
from tests.api.hooks import make_webhook

pytestmark = pytest.mark.django_db


def test_other_pages_know_how_many_webhooks_are_in_use_and_what_one_is_told_of() -> None:
    webhook, off = make_webhook(Name.ANSWERED, Name.ENDED), make_webhook()
    Channel.objects.filter(pk=off.channel_id).update(disabled="hand")

    assert webhooks_in_use() == 1
    assert subscription_of(webhook.channel) == webhook
    assert event_names(webhook) == "New answer, Campaign ended"
    assert (subscription_of(make_channel()), subscription_of(None)) == (None, None)
