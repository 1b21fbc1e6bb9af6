"""What providers post of an e-mail, in the shapes of their documentation, from its real headers."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlencode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client

from surveys.models import Invitation
from surveys.sending.messages import emails
from surveys.sending.messages.emails import Recipient
from tests.surveys.helpers.mailed import parsed
from tests.world import NOW

SECRET = "koe:new"
KEY = "key-of-the-provider"
EPOCH = int(NOW.timestamp())
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC = RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def use(settings: Any, provider: str) -> None:
    settings.EMAIL_PROVIDER = provider
    settings.ANYMAIL_WEBHOOK_SECRET = [SECRET]
    keys = {"postal": "".join(PUBLIC.splitlines()[1:-1]), "sendgrid": ""}
    settings.EMAIL_PROVIDER_KEY = keys.get(provider, KEY)


def mail_of(row: Invitation, *, reminder: bool = False) -> EmailMessage:
    """As it went over the wire."""
    recipient = Recipient(row.public_id, "en", row.email, "Hanako", "Acme", "")
    compiled = emails.compile_mail(row.campaign, language="en", reminder=reminder)
    return parsed(compiled.fill(emails.mail_values(recipient, now=NOW, reminder=reminder)))


def _json(mail: EmailMessage, header: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(mail[header])
    return found


def _to(mail: EmailMessage) -> str:
    return str(mail["To"].addresses[0].addr_spec)


def postmark(mail: EmailMessage, said: str) -> Any:
    metadata = {
        name[len("X-PM-Metadata-") :].lower(): str(value)
        for name, value in mail.items()
        if name.lower().startswith("x-pm-metadata-")
    }
    return {
        "RecordType": "Bounce", "ID": 4323372036854775807, "Type": "HardBounce", "TypeCode": 1,
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483", "Email": _to(mail),
        "BouncedAt": NOW.isoformat(), "Details": f"smtp;{said}", "Metadata": metadata,
    }  # fmt: skip


def sendgrid(mail: EmailMessage, said: str) -> Any:
    # Unique arguments stand among the fields of the event.
    return [{
        "email": _to(mail), "timestamp": EPOCH, "event": "bounce", "type": "bounce",
        "smtp-id": mail["Message-ID"], "sg_event_id": "abc", "sg_message_id": "14c5d75ce93",
        "reason": said, "status": "5.1.1", **_json(mail, "X-SMTPAPI")["unique_args"],
    }]  # fmt: skip


def mailgun(mail: EmailMessage, said: str) -> Any:
    signed = hmac.new(KEY.encode(), f"{EPOCH}token".encode(), hashlib.sha256).hexdigest()
    return {
        "signature": {"token": "token", "timestamp": str(EPOCH), "signature": signed},
        "event-data": {
            "event": "failed", "severity": "permanent", "reason": "bounce", "id": "G9Bn5sl1",
            "timestamp": EPOCH + 0.5, "recipient": _to(mail),
            "delivery-status": {"code": 550, "message": said, "description": ""},
            "message": {"headers": {"message-id": str(mail["Message-ID"]).strip("<>")}},
            "user-variables": _json(mail, "X-Mailgun-Variables"),
        },
    }  # fmt: skip


def mandrill(mail: EmailMessage, said: str) -> Any:
    return [{
        "event": "hard_bounce", "_id": "7761629", "ts": EPOCH,
        "msg": {
            "ts": EPOCH, "email": _to(mail), "state": "bounced", "diag": f"smtp;{said}",
            "bounce_description": "bad_mailbox", "metadata": _json(mail, "X-MC-Metadata"),
        },
    }]  # fmt: skip


def brevo(mail: EmailMessage, said: str) -> Any:
    return {
        "event": "hard_bounce", "email": _to(mail), "id": 26224, "ts_epoch": EPOCH * 1000,
        "message-id": "<201798300811.5787683@relay.domain.com>", "reason": said,
        "X-Mailin-custom": str(mail["X-Mailin-custom"]), "tags": ["t"],
    }  # fmt: skip


def mailjet(mail: EmailMessage, said: str) -> Any:
    return [{
        "event": "bounce", "time": EPOCH, "MessageID": 13792286917004336, "email": _to(mail),
        "blocked": False, "hard_bounce": True, "error_related_to": "recipient",
        "error": "user unknown", "comment": said, "CustomID": "",
        "Payload": str(mail["X-MJ-EventPayload"]),
    }]  # fmt: skip


def resend(mail: EmailMessage, said: str) -> Any:
    return {
        "type": "email.bounced", "created_at": NOW.isoformat(),
        "data": {
            "email_id": "56761188-7520-42d8-8898-ff6fc54ce618", "to": [_to(mail)],
            "headers": [
                {"name": name, "value": str(value)}
                for name, value in mail.items() if name.startswith("X-")
            ],
            "bounce": {"type": "Permanent", "subType": "General", "message": said},
        },
    }  # fmt: skip


def sparkpost(mail: EmailMessage, said: str) -> Any:
    return [{"msys": {"message_event": {
        "type": "bounce", "bounce_class": "10", "event_id": "92356927693813856",
        "raw_rcpt_to": _to(mail), "raw_reason": said, "timestamp": str(EPOCH),
        "transmission_id": "65832150921904138",
        "rcpt_meta": _json(mail, "X-MSYS-API")["metadata"],
    }}}]  # fmt: skip


def postal(mail: EmailMessage, said: str) -> Any:
    return {
        "event": "MessageDeliveryFailed", "timestamp": float(EPOCH), "uuid": "0fcc8603-3c51",
        "payload": {
            "status": "HardFail", "details": "Permanent SMTP delivery error", "output": said,
            "message": {
                "id": 12345, "token": "abcdef123", "direction": "outgoing", "to": _to(mail),
                "message_id": "someone-elses@rp.postal.example", "tag": mail["X-Postal-Tag"],
            },
        },
    }  # fmt: skip


def mailtrap(mail: EmailMessage, said: str) -> Any:
    return {"events": [{
        "event": "bounce", "email": _to(mail), "timestamp": EPOCH, "event_id": "bede7236",
        "message_id": "1df37d17", "sending_stream": "bulk", "response": said,
        "response_code": 550, "bounce_category": "badmailbox",
        "custom_variables": _json(mail, "X-MT-Custom-Variables"),
    }]}  # fmt: skip


def amazon_ses(mail: EmailMessage, said: str) -> Any:
    name, _, value = str(mail["X-SES-MESSAGE-TAGS"]).partition("=")
    event = {
        "eventType": "Bounce",
        "bounce": {
            "bounceType": "Permanent", "bounceSubType": "General", "feedbackId": "01000",
            "timestamp": NOW.isoformat(),
            "bouncedRecipients": [{
                "emailAddress": _to(mail), "action": "failed", "status": "5.1.1",
                "diagnosticCode": f"smtp; {said}",
            }],
        },
        "mail": {
            "timestamp": NOW.isoformat(), "source": "survey@koe.example",
            # Its own; the one that we sent is lost.
            "messageId": "0106019a0000-11111111-2222-3333-4444-555555555555-000000",
            "destination": [_to(mail)], "headersTruncated": True, "headers": [],
            "tags": {"ses:configuration-set": ["ConfigSet"], name: [value]},
        },
    }  # fmt: skip
    return as_sns(event)


CERTIFICATE = "https://sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-1.pem"


def as_sns(event: object, **fields: str) -> dict[str, str]:
    """In the envelope of SNS, signed."""
    text = event if isinstance(event, str) else json.dumps(event)
    message = {
        "Type": "Notification", "MessageId": "22b80b92-fdea", "Message": text,
        "TopicArn": "arn:aws:sns:ap-northeast-1:1:koe", "Timestamp": NOW.isoformat(),
        "SignatureVersion": "2", "SigningCertURL": CERTIFICATE, **fields,
    }  # fmt: skip
    kept = {"Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn"}
    signed = "".join(f"{name}\n{message[name]}\n" for name in sorted({*kept, "Type"} & {*message}))
    algorithm = hashes.SHA256() if message["SignatureVersion"] == "2" else hashes.SHA1()
    signature = RSA.sign(signed.encode(), padding.PKCS1v15(), algorithm)
    return {**message, "Signature": base64.b64encode(signature).decode()}


MADE: dict[str, Callable[[EmailMessage, str], Any]] = {
    each.__name__: each
    for each in (
        *(amazon_ses, brevo, mailgun, mailjet, mailtrap, mandrill, postal, postmark, resend),
        *(sendgrid, sparkpost),
    )
}


# What no documentation shows.
BROKEN = [
    *(None, [], {}, "x", 7, [None], [[]], [{}], {"events": None}, {"events": [{}]}),
    {"RecordType": "Bounce", "Type": ["HardBounce"], "Metadata": "x", "BouncedAt": 7},
    {"RecordType": "Bounce", "Type": "\ud800", "ID": {}, "Email": ["x"], "Details": {"a": 1}},
    [{"event": "bounce", "timestamp": 1e300, "reason": ["x"], "email": {"a": 1}}],
    [{"event": "bounce", "timestamp": -1, "sg_event_id": "x" * 5000, "reason": "\x00"}],
    [{"event": "hard_bounce", "ts": "x", "msg": []}, {"event": "inbound", "msg": {}}],
    {"event": "hard_bounce", "ts_epoch": "x", "X-Mailin-custom": "[1]"},
    {"type": "email.bounced", "data": {"bounce": {"message": None}, "headers": [{"name": 1}]}},
    [{"msys": {"a": {}, "b": {}}}, {"msys": []}],
    {"payload": {"status": "HardFail", "message": {"to": "@@", "id": {}}}, "timestamp": "x"},
    {"event-data": {"event": {}, "timestamp": "x"}, "signature": {"token": []}},
    {"Type": "Notification", "MessageId": "1", "Message": "{}"},
    {"deep": json.loads("[" * 200 + "]" * 200)},
]


def post(client: Client, provider: str, body: Any, *, secret: str = SECRET) -> Any:
    """As the provider does it, with its signature where it has one."""
    address = f"/anymail/{provider}/tracking/"
    headers = {"Authorization": "Basic " + b64encode(secret.encode()).decode()} if secret else {}
    content, kind = json.dumps(body).encode(), "application/json"
    if provider == "mandrill":
        form = {"mandrill_events": json.dumps(body)}
        content, kind = urlencode(form).encode(), "application/x-www-form-urlencoded"
        auth = f"{secret}@" if secret else ""
        url = f"http://{auth}testserver{address}mandrill_events{form['mandrill_events']}"
        signed = hmac.new(KEY.encode(), url.encode(), hashlib.sha1).digest()
        headers["X-Mandrill-Signature"] = b64encode(signed).decode()
    elif provider == "mailtrap":
        headers["Mailtrap-Signature"] = hmac.new(KEY.encode(), content, hashlib.sha256).hexdigest()
    elif provider == "postal":
        signature = RSA.sign(content, padding.PKCS1v15(), hashes.SHA1())
        headers["X-Postal-Signature"] = b64encode(signature).decode()
    elif provider == "amazon_ses" and isinstance(body, dict):
        headers["x-amz-sns-message-type"] = str(body.get("Type"))
        headers["x-amz-sns-message-id"] = str(body.get("MessageId"))
    return client.generic("POST", address, content, kind, headers=headers)
