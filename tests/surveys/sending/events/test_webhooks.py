"""Every provider that is named, by payloads of the shapes of its documentation, made from the
headers that were really sent."""

from __future__ import annotations

import pytest

from accounts.models import Suppression
from config.mail_providers import HOSTS
from surveys.domain.mail.references import REFERENCE_HEADERS
from surveys.models import DeliveryEvent, Invitation
from surveys.sending.events import sns
from surveys.sending.events.provider_events import apply_events, record_event
from surveys.sending.events.webhooks import VIEWS, Unreadable, read_file
from tests.surveys.helpers.provided import BROKEN, MADE, RSA, mail_of, post, use
from tests.world import NOW, make_campaign, make_invitation, make_respondent

pytestmark = [
    pytest.mark.django_db,
    # anymail says so of SendGrid; its reader is the one that all versions have.
    pytest.mark.filterwarnings("ignore:django-anymail has dropped official support"),
]


@pytest.fixture(autouse=True)
def _certificate_of_sns(monkeypatch) -> None:
    monkeypatch.setattr(sns, "_key_at", lambda url: RSA.public_key())


@pytest.fixture
def sent() -> Invitation:
    respondent = make_respondent(email="hanako@a.example")
    return make_invitation(respondent, make_campaign(), state="sent", sent_at=NOW)


def test_every_named_provider_is_complete() -> None:
    assert set(MADE) == set(VIEWS) == set(HOSTS) == set(REFERENCE_HEADERS)


@pytest.mark.parametrize("provider", MADE)
@pytest.mark.parametrize("reminder", [False, True])
def test_each_provider_gives_our_reference_back(client, settings, sent, provider, reminder):
    use(settings, provider)
    make_invitation(sent.respondent, make_campaign(), state="sent", sent_at=NOW)  # not that one
    body = MADE[provider](mail_of(sent, reminder=reminder), "550 5.1.1 user unknown")

    assert post(client, provider, body).status_code == 200
    apply_events(now=NOW)

    event = DeliveryEvent.objects.get()
    assert (event.invitation, event.provider, event.detail["bounce"]) == (sent, provider, "hard")
    sent.refresh_from_db()
    assert sent.delivery_status == "bounced"
    assert Suppression.objects.get().person == sent.person


@pytest.mark.parametrize("provider", ["amazon_ses", "mailgun", "mailtrap", "mandrill", "postal"])
def test_what_another_key_signed_is_refused(client, settings, sent, provider):
    use(settings, provider)
    settings.EMAIL_PROVIDER_KEY = settings.EMAIL_PROVIDER_KEY[:-2] + "xx"
    body = MADE[provider](mail_of(sent), "550 5.1.1 user unknown")
    if provider == "amazon_ses":
        body["Message"] += " "

    assert post(client, provider, body).status_code == 400
    assert DeliveryEvent.objects.count() == 0


@pytest.mark.parametrize("provider", MADE)
def test_no_body_however_broken_is_a_fault_of_ours(settings, provider):
    use(settings, provider)
    for body in BROKEN:
        try:
            events = read_file(body, provider=provider)
        except Unreadable:
            continue
        for event in events:
            record_event(event, provider=provider, now=NOW)
    apply_events(now=NOW)
    assert Suppression.objects.count() == 0
