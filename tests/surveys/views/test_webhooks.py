from __future__ import annotations

from base64 import b64encode

import pytest

from accounts.models import Suppression
from common.net import outgoing
from surveys.models import DeliveryEvent, Invitation
from surveys.sending.events import sns
from surveys.sending.events.provider_events import apply_events
from tests.surveys.helpers.provided import BROKEN, MADE, RSA, SECRET, as_sns, mail_of, post, use
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


@pytest.mark.parametrize("provider", MADE)
def test_only_the_provider_in_use_has_a_webhook(client, settings, sent, provider):
    use(settings, provider)
    body = MADE[provider](mail_of(sent), "550 5.1.1 user unknown")
    settings.EMAIL_PROVIDER = "brevo" if provider == "postmark" else "postmark"
    assert post(client, provider, body).status_code == 404
    settings.EMAIL_PROVIDER = provider
    settings.ANYMAIL_WEBHOOK_SECRET = []
    assert post(client, provider, body).status_code == 404
    for address in ("", "nobody/tracking/", "postmark/inbound/"):
        assert client.post(f"/anymail/{address}").status_code == 404
    assert DeliveryEvent.objects.count() == 0


@pytest.mark.parametrize("provider", MADE)
@pytest.mark.parametrize("secret", ["", "koe:wrong"])
def test_what_does_not_show_the_secret_is_refused(client, settings, sent, provider, secret):
    """R18."""
    use(settings, provider)
    body = MADE[provider](mail_of(sent), "550 5.1.1 user unknown")

    reply = post(client, provider, body, secret=secret)

    assert reply.status_code == (401 if provider == "amazon_ses" and not secret else 400)
    assert DeliveryEvent.objects.count() == 0


@pytest.mark.parametrize("provider", MADE)
def test_bad_input_is_refused_and_never_a_fault_of_ours(client, settings, sent, provider):
    use(settings, provider)
    client.raise_request_exception = False
    headers = {"Authorization": "Basic " + b64encode(SECRET.encode()).decode()}
    bodies = [as_sns(each) for each in BROKEN] if provider == "amazon_ses" else []
    for body in [*BROKEN, *bodies]:
        assert post(client, provider, body).status_code < 500, body
    for raw in (b"", b"\xff\xfe", b"nonsense", b"mandrill_events=[", b"{" * 5000):
        for kind in (
            "application/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data",
        ):
            address = f"/anymail/{provider}/tracking/"
            reply = client.generic("POST", address, raw, kind, headers=headers)
            assert 400 <= reply.status_code < 500, (raw, kind)
    assert client.get(f"/anymail/{provider}/tracking/").status_code == 405
    apply_events(now=NOW)
    assert Suppression.objects.count() == 0


def test_without_a_key_the_secret_alone_lets_an_event_in(client, settings, sent):
    for provider in MADE:
        use(settings, provider)
        settings.EMAIL_PROVIDER_KEY = ""
        body = MADE[provider](mail_of(sent), "550 5.1.1 user unknown")
        if provider == "amazon_ses":
            body = {name: each for name, each in body.items() if "Sign" not in name}
        assert post(client, provider, body, secret="koe:wrong").status_code == 400
        assert post(client, provider, body).status_code == 200, provider
    apply_events(now=NOW)
    assert Suppression.objects.get().reason == "bounced"


def test_a_subscription_is_confirmed_by_asking_amazon_and_nobody_else(
    client, settings, monkeypatch
):
    use(settings, "amazon_ses")
    asked: list[str] = []
    replies = iter([outgoing.Reply(200, {}, b""), outgoing.Reply(500, {}, b"")])
    monkeypatch.setattr(outgoing, "get", lambda url: (asked.append(url), next(replies))[1])
    url = "https://sns.ap-northeast-1.amazonaws.com/?Action=ConfirmSubscription&Token=x"

    def subscribe(url: str) -> int:
        fields = {"Type": "SubscriptionConfirmation", "Token": "x", "SubscribeURL": url}
        return post(client, "amazon_ses", as_sns("You have chosen", **fields)).status_code

    assert subscribe(url) == 200
    assert subscribe(url) == 503
    for other in ("https://evil.example/", "http://sns.eu-west-1.amazonaws.com/", "file:///etc"):
        assert subscribe(other) == 400
    assert subscribe("https://sns.eu-west-1.amazonaws.com.evil.example/") == 400
    assert asked == [url, url]
