"""The pages of webhooks: made, seen, changed, tried and sent again."""

from __future__ import annotations

import re

import pytest

from actions.models import Channel, Delivery
from api.domain.events import Event as Name
from api.models import ApiKey, Subscription
from common.secrets.sealing import unseal
from tests.actions.alerting import tick
from tests.actions.following import answered
from tests.api.calling import Caller
from tests.api.hooks import URL, Posts, make_webhook
from tests.staffing import client_as
from tests.world import NOW, SECOND

pytestmark = pytest.mark.django_db
FORM = {
    "name": "CRM", "kind": "webhook", "url": URL, "language": "en", "project": "",
    "events": ["response.created", "person.bounced"], "with_comments": "on",
}  # fmt: skip


def test_a_secret_is_shown_once_and_the_list_says_what_is_told() -> None:
    admin = client_as("admin")

    made = admin.post("/settings/webhooks/new/", FORM)

    secret = re.search(r"whsec_[A-Za-z0-9+/=]+", made.content.decode())[0]
    assert "no-store" in made["Cache-Control"]
    assert unseal(Channel.objects.get().sealed_secret) == secret
    listed = admin.get("/settings/webhooks/").content.decode()
    assert "New answer, Address bounced" in listed
    assert URL not in listed
    assert secret not in listed


def test_what_is_told_is_changed_and_what_stays_empty_is_kept() -> None:
    admin, webhook = client_as("admin"), make_webhook()
    secret = webhook.channel.sealed_secret

    page = admin.get(f"/settings/webhooks/{webhook.pk}/")
    saved = admin.post(
        f"/settings/webhooks/{webhook.pk}/",
        {"name": "Other", "url": "", "language": "ja", "events": ["campaign.ended"]},
    )

    assert "hooks.example.org" in page.content.decode()
    assert saved["Location"] == f"/settings/channels/{webhook.channel_id}/"
    webhook.refresh_from_db()
    assert (webhook.events, webhook.with_comments) == (["campaign.ended"], False)
    assert webhook.channel.name == "Other"
    assert webhook.channel.sealed_secret == secret


def test_as_delighted_sent_it_a_project_with_a_key_is_asked_for() -> None:
    admin, caller = client_as("admin"), Caller()
    form = FORM | {"kind": "delighted"}
    assert admin.post("/settings/webhooks/new/", form).status_code == 422

    done = admin.post("/settings/webhooks/new/", form | {"project": caller.project.pk})

    webhook = Subscription.objects.get()
    assert done["Location"] == f"/settings/channels/{webhook.channel_id}/"
    # What Delighted never told of is left out.
    assert (webhook.events, webhook.key) == (["response.created"], caller.key)
    for path in (done["Location"], f"/settings/webhooks/{webhook.pk}/"):
        assert caller.key.shown in admin.get(path).content.decode()
    assert "signs webhooks" in admin.get("/settings/api-keys/").content.decode()

    ApiKey.objects.update(revoked_at=NOW)
    refused = admin.post("/settings/webhooks/new/", form | {"project": caller.project.pk})
    assert (refused.status_code, Subscription.objects.count()) == (422, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "http://x.example/"},
        {"events": []},
        {"kind": "chatwork"},
        {"kind": "nonsense"},
        {"events": ["nonsense"]},
    ],
)
def test_a_wrong_form_comes_back(wrong: dict[str, object]) -> None:
    answer = client_as("admin").post("/settings/webhooks/new/", FORM | wrong)

    assert (answer.status_code, Subscription.objects.count()) == (422, 0)


def test_the_log_has_each_try_and_sends_again_under_the_same_id(posts: Posts) -> None:
    admin, webhook = client_as("admin"), make_webhook(Name.ANSWERED)
    answered(9)
    posts.replies.extend([500, 200])
    tick(NOW)
    tick(NOW + 20 * SECOND)

    page = admin.get(f"/settings/channels/{webhook.channel_id}/").content.decode()
    assert "<summary>2</summary>" in page
    assert "Told of: New answer" in page

    row = Delivery.objects.get()
    admin.post(f"/settings/deliveries/{row.pk}/again/")
    row.refresh_from_db()
    tick(row.next_at)
    assert len({headers["webhook-id"] for headers, _ in posts}) == 1
    assert len(posts) == 3
