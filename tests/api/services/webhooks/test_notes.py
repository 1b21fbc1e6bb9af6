"""What leaves: words and names as they are by then, addresses to programs alone."""

from __future__ import annotations

import json

import pytest
from standardwebhooks import Webhook

from accounts.domain.contactability import SuppressionReason
from accounts.services.suppression import suppress
from actions.domain.deliveries.states import Kind
from actions.models import Delivery
from api.domain.events import Event as Name
from api.services.webhooks import facts
from common.secrets.sealing import unseal
from surveys.models import Response
from surveys.services.campaigns.states import launch
from surveys.services.people.erase import erase_person
from tests.actions.alerting import tick
from tests.actions.following import OWNER, answered
from tests.actions.health import TODAY, scored
from tests.api.hooks import Posts, make_webhook
from tests.staffing import make_staff
from tests.world import DAY, NOW, SECOND, make_campaign, make_customer, make_respondent

pytestmark = pytest.mark.django_db
CHATS = [Kind.SLACK, Kind.MATTERMOST, Kind.TEAMS, Kind.CHATWORK]


def test_a_program_can_check_who_sent_it_and_finds_its_own_records(
    posts: Posts, time_machine
) -> None:
    time_machine.move_to(NOW)
    webhook = make_webhook(Name.ANSWERED)
    ember = make_customer(name="Ember")
    response = answered(3, comment="Slow", customer=ember)

    assert tick(NOW) == 1

    [(headers, body)] = posts
    assert (body["type"], body["timestamp"]) == ("response.created", NOW.isoformat())
    said = body["data"]["response"]
    assert (said["id"], said["score"], said["comment"]) == (response.pk, 3, "Slow")
    assert said["email"] == response.invitation.respondent.email
    assert body["data"]["customer"]["customer_id"] == ember.customer_id
    raw = json.dumps(body, ensure_ascii=False)
    Webhook(unseal(webhook.channel.sealed_secret) or "").verify(raw, headers)


@pytest.mark.parametrize("kind", CHATS)
def test_rooms_get_no_address_and_wait_until_no_burst_has_followed(
    kind: Kind, posts: Posts
) -> None:
    make_webhook(kind=kind, secret="token" if kind is Kind.CHATWORK else "")
    make_staff("cs", OWNER)
    response = answered(3, comment="Slow", customer=make_customer(name="Ember"))
    suppress(response.invitation.person, SuppressionReason.OPTED_OUT, now=NOW)
    facts.mail_stopped(
        response.invitation.person_id, SuppressionReason.OPTED_OUT, until=None, now=NOW
    )

    assert tick(NOW) == 0
    assert tick(NOW + 31 * SECOND) == 3

    told = str([body for _, body in posts])
    assert "Ember" in told
    assert "Slow" in told
    assert response.invitation.respondent.email not in told
    assert response.invitation.person.mail_key not in told


@pytest.mark.parametrize("kind", [Kind.WEBHOOK, Kind.SLACK])
def test_comments_stay_here_where_they_are_not_wanted(kind: Kind, posts: Posts) -> None:
    make_webhook(Name.ANSWERED, kind=kind, with_comments=False)
    answered(9, comment="Splendid")

    assert tick(NOW + DAY) == 1
    assert "Splendid" not in str(posts)


def test_every_event_has_its_words(posts: Posts, time_machine) -> None:
    """Erased meanwhile, it is told to nobody."""
    time_machine.move_to(NOW)
    make_webhook()
    make_webhook(kind=Kind.SLACK)
    make_staff("cs", OWNER)
    customer = make_customer(owner_email=OWNER)
    response = answered(2, customer=customer)
    draft = make_campaign(state="draft")
    launch(draft, by=None, now=NOW)
    scored(customer, "best", "worst")
    facts.scored(TODAY - DAY, today=TODAY, now=NOW)
    person = make_respondent(name="Aoi").person
    suppress(person, SuppressionReason.BOUNCED, now=NOW)

    tick(NOW + 31 * SECOND)

    told = {body["type"]: body["data"] for _, body in posts if "type" in body}
    assert told.keys() == {
        "response.created", "follow_up.opened", "campaign.launched", "health.band_changed",
        "person.bounced",
    }  # fmt: skip
    assert told["campaign.launched"]["campaign"]["slug"] == draft.slug
    assert told["health.band_changed"]["customer"]["customer_id"] == customer.customer_id
    assert told["person.bounced"]["person"]["names"] == ["Aoi"]
    assert told["follow_up.opened"]["follow_up"]["reason"] == "score"
    assert len(posts) == 10

    Response.objects.filter(pk=response.pk).update(suspect=True)
    erase_person(person, by=None, now=NOW)
    Delivery.objects.update(state="waiting", next_at=NOW, attempts=0)
    posts.clear()
    tick(NOW + DAY)
    assert {body["type"] for _, body in posts if "type" in body} == told.keys() - {
        "response.created", "person.bounced",
    }  # fmt: skip


def test_who_is_no_longer_subscribed_is_told_nothing(posts: Posts) -> None:
    subscription = make_webhook(Name.ANSWERED)
    answered(9)
    subscription.delete()

    assert tick(NOW) == 0
    assert (posts, Delivery.objects.count()) == ([], 0)
