"""Events of Amazon SES come by Amazon SNS: signed, and only once a subscription is confirmed.

Without Amazon's own library, which anymail needs for that and for nothing else here.
"""

from __future__ import annotations

import base64
import json
import re
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.webhooks.amazon_ses import AmazonSESTrackingWebhookView
from anymail.webhooks.base import AnymailBaseWebhookView
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509 import load_pem_x509_certificate
from django.http import HttpRequest

from common.net import outgoing

_HOST = re.compile(r"sns\.[a-z0-9-]{3,30}\.amazonaws\.com(\.cn)?")
_SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": (
        *("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    ),
}
_SIGNED["UnsubscribeConfirmation"] = _SIGNED["SubscriptionConfirmation"]
_HASHES: dict[str, hashes.HashAlgorithm] = {"1": hashes.SHA1(), "2": hashes.SHA256()}  # noqa: S303


class SesView(AmazonSESTrackingWebhookView):  # type: ignore[misc]
    def __init__(self, **kwargs: Any) -> None:
        # Past the base that asks for boto3.
        AnymailBaseWebhookView.__init__(self, **kwargs)

    def validate_request(self, request: HttpRequest) -> None:
        # Before a certificate is asked for: strangers make us ask nobody.
        AnymailBaseWebhookView.validate_request(self, request)
        message = self._parse_sns_message(request)
        # Our secret has let it in; what is signed as well was signed by Amazon.
        if not isinstance(message, dict) or ("Signature" in message and not _is_genuine(message)):
            raise AnymailWebhookValidationFailure("The message is not signed by Amazon SNS.")

    def auto_confirm_sns_subscription(self, sns_message: dict[str, Any]) -> None:
        """Whoever gave SNS our secret asked for it; Unreachable makes SNS ask again."""
        url = str(sns_message.get("SubscribeURL"))
        if not _is_of_sns(url):
            raise AnymailWebhookValidationFailure("The subscription is none of Amazon SNS.")
        reply = outgoing.get(url)
        if reply.status >= 300:
            raise outgoing.Unreachable(f"SNS answered {reply.status}")


def as_sns(body: dict[str, Any]) -> dict[str, Any]:
    """An event of SES in the envelope of SNS, whose message is a text, as it comes by the web."""
    envelope = body if "Message" in body else {"Type": "Notification", "Message": body}
    message = envelope["Message"]
    text = message if isinstance(message, str) else json.dumps(message)
    return {"Type": "Notification", "MessageId": "", **envelope, "Message": text}


def _is_genuine(message: dict[str, Any]) -> bool:
    """https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html"""
    fields = _SIGNED.get(str(message.get("Type")), ())
    parts = [f"{name}\n{message[name]}\n" for name in fields if name in message]
    algorithm = _HASHES.get(str(message.get("SignatureVersion")))
    url = str(message.get("SigningCertURL"))
    if not fields or algorithm is None or not _is_of_sns(url) or not url.endswith(".pem"):
        return False
    try:
        signature = base64.b64decode(str(message.get("Signature")), validate=True)
        signed = "".join(parts).encode()
        _key_at(url).verify(signature, signed, padding.PKCS1v15(), algorithm)
    except (InvalidSignature, ValueError):
        return False
    return True


def _is_of_sns(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" and bool(_HOST.fullmatch(parts.netloc))
    except ValueError:
        return False


@lru_cache(maxsize=8)
def _key_at(url: str) -> rsa.RSAPublicKey:
    """A certificate is trusted for the host that it comes from, and stays what it is."""
    reply = outgoing.get(url)
    if reply.status != 200:
        raise outgoing.Unreachable(f"SNS answered {reply.status}")
    key = load_pem_x509_certificate(reply.body).public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        raise ValueError("The certificate of SNS has another kind of key.")
    return key
