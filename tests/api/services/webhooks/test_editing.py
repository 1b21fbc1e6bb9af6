from __future__ import annotations

import pytest

from accounts.models import AuditEvent
from actions.domain.deliveries.states import Kind
from actions.models import Channel
from api.domain.events import Event as Name
from api.models import Project, Subscription
from api.services.keys import revoke_key
from api.services.webhooks.editing import NoKey, Wanted, events_for, save_webhook
from common.secrets.sealing import unseal
from tests.api.calling import Caller
from tests.api.hooks import URL, make_webhook
from tests.world import NOW

pytestmark = pytest.mark.django_db


def test_it_is_kept_sealed_and_what_is_changed_is_noted_without_address_or_secret() -> None:
    subscription = make_webhook(Name.ANSWERED)
    channel = Channel.objects.get()
    secret, shown = channel.sealed_secret, f"hooks.example.org/…{URL[-4:]}"
    assert (unseal(channel.sealed_url), channel.shown) == (URL, shown)

    wanted = Wanted("Other", Kind.WEBHOOK, "en", [Name.LAUNCHED])
    assert save_webhook(subscription, wanted, by=None, now=NOW) == ""

    channel.refresh_from_db()
    assert (channel.name, channel.sealed_secret) == ("Other", secret)
    rows = AuditEvent.objects.filter(action="webhook.save").order_by("pk")
    told = [str(each.detail) for each in rows]
    assert ["response.created" in told[0], "campaign.launched" in told[1]] == [True, True]
    assert not any(part in str(told) for part in (URL, secret, "whsec_"))


def test_a_project_is_told_of_what_a_project_knows() -> None:
    project = Project(name="web")

    assert Name.LAUNCHED in events_for(Kind.WEBHOOK, None)
    assert Name.LAUNCHED not in events_for(Kind.WEBHOOK, project)
    assert events_for(Kind.DELIGHTED, project) == [
        Name.ANSWERED, Name.ANSWER_CHANGED, Name.OPTED_OUT,
    ]  # fmt: skip


def test_a_key_that_has_ended_signs_nothing() -> None:
    caller = Caller()
    revoke_key(caller.key, by=None, now=NOW)

    with pytest.raises(NoKey):
        make_webhook(kind=Kind.DELIGHTED, project=caller.project)
    assert not Subscription.objects.exists()
    assert not Channel.objects.exists()
