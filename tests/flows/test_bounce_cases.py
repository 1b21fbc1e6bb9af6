"""What providers and servers were met to say, each with its right effect; `bounce_cases` holds the
files byte for byte. The others have the shapes of each provider's documentation, made from the
headers that were really sent.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import Suppression
from surveys.domain.mail.delivery import Phase, decide
from surveys.models import Campaign, DeliveryEvent, Invitation
from surveys.sending.events import sns
from surveys.sending.events.bounce_address import bounce_address
from surveys.sending.events.bounces import receive_bounce
from surveys.sending.events.provider_events import apply_events
from tests.surveys.helpers.bounced import dsn
from tests.surveys.helpers.provided import MADE, RSA, as_sns, mail_of, post, use
from tests.world import NOW, make_campaign, make_invitation, make_respondent

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:django-anymail has dropped official support"),
]
CASES = Path(__file__).with_name("bounce_cases")
UNIQUE = itertools.count(1)

# What it does: to the person, to the campaign, and what the page says of the e-mail.
GIVEN_UP = ("bounced", "running", "bounced")
FULL = NOTHING_LASTING = ("", "running", "bounced")
TRIED_ON = ("", "running", "delayed")
OURS = ("", "paused", "bounced")
COMPLAINED = ("complained", "running", "complained")
OPTED_OUT = ("opted_out", "running", "")
# Dropped by the provider, which had heard of it before.
HAD_COMPLAINED = ("complained", "running", "bounced")
NEVER_LEFT = ("opted_out", "running", "bounced")
REPLIED = IGNORED = ("", "running", "")


@pytest.fixture(autouse=True)
def _certificate_of_sns(monkeypatch) -> None:
    monkeypatch.setattr(sns, "_key_at", lambda url: RSA.public_key())


@pytest.fixture
def sent() -> Invitation:
    respondent = make_respondent(email="hanako@a.example")
    return make_invitation(respondent, make_campaign(), state="sent", sent_at=NOW)


def effect(sent: Invitation) -> tuple[str, str, str]:
    apply_events(now=NOW)
    sent.refresh_from_db()
    reason = Suppression.objects.values_list("reason", flat=True).first()
    return reason or "", Campaign.objects.get().state, sent.delivery_status


def filled(name: str, sent: Invitation) -> str:
    values = {
        "EMAIL": sent.email,
        "REF": sent.public_id,
        "MSGID": f"{sent.public_id}@koe.example",
        "UNIQ": str(next(UNIQUE)),
        "BOUNCE": bounce_address(sent.pk, now=NOW, sender=""),
    }
    text = (CASES / name).read_text()
    for mark, value in values.items():
        # Inside a text of JSON, too: none of them has a quote.
        text = text.replace("{" + mark + "}", value)
    return text


def as_posted(provider: str, body: Any) -> Any:
    if provider != "amazon_ses":
        return body
    return as_sns(body["Message"], MessageId=body["MessageId"])


POSTED = [
    ("amazon_ses", "20_out_of_office.json", TRIED_ON),
    ("amazon_ses", "20_undetermined.json", TRIED_ON),
    ("amazon_ses", "20_mailbox_full.json", FULL),
    ("amazon_ses", "20_too_large.json", NOTHING_LASTING),
    ("amazon_ses", "20_blocked_sender.json", OURS),
    ("amazon_ses", "20_no_such_user.json", GIVEN_UP),
    ("postmark", "22_soft_full.json", FULL),
    ("postmark", "22_soft_greylist.json", NOTHING_LASTING),
    ("postmark", "22_soft_undeliverable.json", NOTHING_LASTING),
    ("postmark", "22_hard_no_such_user.json", GIVEN_UP),
    ("postmark", "22_blocked.json", OURS),
    ("postmark", "22_auto_responder.json", REPLIED),
    ("postmark", "22_address_change.json", REPLIED),
    ("postmark", "22_challenge.json", REPLIED),
    ("postmark", "22_dns.json", TRIED_ON),
    ("postmark", "22_spam_notification.json", COMPLAINED),
    ("postmark", "22_subscription_change.json", OPTED_OUT),
]


@pytest.mark.parametrize(("provider", "name", "wanted"), POSTED)
def test_events_as_they_were_met(client: Client, settings, sent, provider, name, wanted) -> None:
    use(settings, provider)
    body = json.loads(filled(name, sent))

    assert post(client, provider, as_posted(provider, body)).status_code == 200
    assert effect(sent) == wanted
    assert DeliveryEvent.objects.get().invitation == sent


RETURNED = [
    ("25_exchange_541.eml", GIVEN_UP),
    ("25_exchange_550_generic.eml", GIVEN_UP),
    ("25_status_500_real_511.eml", GIVEN_UP),
    ("25_moved_516.eml", GIVEN_UP),
    ("25_status_500_real_571.eml", OURS),
    ("25_spamhaus_511.eml", OURS),
    ("25_full_522.eml", FULL),
    ("25_mx_544.eml", NOTHING_LASTING),
    # No report: what a plain text says may be anybody's.
    ("25_plain_text_no_report.eml", IGNORED),
]


@pytest.mark.parametrize(("name", "wanted"), RETURNED)
def test_bounce_mails_as_they_were_met(settings, sent, name, wanted) -> None:
    settings.BOUNCE_ADDRESS = "bounces@koe.example"

    receive_bounce(filled(name, sent).encode(), now=NOW)

    assert effect(sent) == wanted


@pytest.mark.parametrize(
    ("status", "said", "wanted"),
    [
        ("5.2.1", "550 5.2.1 The email account that you tried to reach is disabled", GIVEN_UP),
        ("5.0.0", "550 Unknown User", GIVEN_UP),
    ],
)
def test_bounce_mails_that_hide_their_cause(settings, sent, status, said, wanted) -> None:
    settings.BOUNCE_ADDRESS = "bounces@koe.example"
    mail = dsn(to=bounce_address(sent.pk, now=NOW, sender=""), status=status)
    words = f"Diagnostic-Code: smtp; {said}\r\nStatus:".encode()

    receive_bounce(mail.replace(b"Status:", words), now=NOW)

    assert effect(sent) == wanted


def _dropped(body: Any) -> None:
    """Of one that never left SendGrid there is no kind of bounce."""
    body[0]["event"] = "dropped"
    del body[0]["type"]


def _set(*path: str | int, to: Any) -> Callable[[Any], None]:
    def change(body: Any) -> None:
        for each in path[:-1]:
            body = body[each]
        body[path[-1]] = to

    return change


NOBODY = "550 5.1.1 user unknown"
MADE_OF_HEADERS: list[tuple[str, str, list[Callable[[Any], None]], tuple[str, str, str]]] = [
    ("sendgrid", NOBODY, [], GIVEN_UP),
    ("sendgrid", "Unsubscribed Address", [_dropped], NEVER_LEFT),
    ("sendgrid", "Spam Reporting Address", [_dropped], HAD_COMPLAINED),
    ("sendgrid", "550 5.7.1 blocked using", [_set(0, "type", to="blocked")], OURS),
    ("sendgrid", "452 4.2.2 full", [_set(0, "type", to="blocked")], FULL),
    ("sendgrid", "", [_set(0, "event", to="spamreport")], COMPLAINED),
    ("mailgun", NOBODY, [], GIVEN_UP),
    ("mailgun", "", [_set("event-data", "reason", to="suppress-unsubscribe")], NEVER_LEFT),
    ("mailgun", "452 4.2.2 full", [_set("event-data", "severity", to="temporary")], TRIED_ON),
    ("mandrill", "452 4.2.2 full", [_set(0, "event", to="soft_bounce")], FULL),
    ("mandrill", "", [_set(0, "event", to="spam")], COMPLAINED),
    ("brevo", "452 4.2.2 full", [_set("event", to="soft_bounce")], FULL),
    ("brevo", "", [_set("event", to="spam")], COMPLAINED),
    ("mailjet", "", [_set(0, "error", to="quota exceeded")], FULL),
    ("mailjet", "", [_set(0, "error", to="sender blocked")], OURS),
    ("resend", "552 5.2.2 full", [_set("data", "bounce", "subType", to="MailboxFull")], FULL),
    ("resend", "550 5.7.1 spam content", [], OURS),
    ("sparkpost", "", [_set(0, "msys", "message_event", "bounce_class", to="60")], REPLIED),
    ("sparkpost", "", [_set(0, "msys", "message_event", "bounce_class", to="51")], OURS),
    ("postal", "552 5.2.2 full", [_set("payload", "status", to="SoftFail")], TRIED_ON),
    ("mailtrap", "", [_set("events", 0, "bounce_category", to="spam")], OURS),
]


@pytest.mark.parametrize(("provider", "said", "changes", "wanted"), MADE_OF_HEADERS)
def test_events_made_from_the_headers_that_were_sent(
    client: Client, settings, sent, provider, said, changes, wanted
) -> None:
    use(settings, provider)
    body = MADE[provider](mail_of(sent), said)
    for change in changes:
        change(body)

    assert post(client, provider, body).status_code == 200
    assert effect(sent) == wanted
    assert DeliveryEvent.objects.get().invitation == sent


@pytest.mark.parametrize(
    ("code", "reply", "gives_up"),
    [
        (550, "5.4.1 Recipient address rejected: Access denied. AS(201806281)", True),
        (550, "5.0.0 Unknown User", True),
        (550, "5.2.1 mailbox disabled", True),
        (550, "5.1.1 Service unavailable; client host blocked using a blocklist", False),
        (552, "5.2.2 mailbox full", False),
    ],
)
def test_the_same_at_rcpt(code: int, reply: str, gives_up: bool) -> None:
    verdict = decide(Phase.RCPT, code=code, text=reply)
    assert (verdict.bounce == "hard") is gives_up
