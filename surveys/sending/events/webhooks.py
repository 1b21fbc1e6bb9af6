"""What providers post: checked for who posts it, read by anymail, kept for a worker to apply."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent
from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

from common.net.outgoing import Unreachable
from surveys.sending.events.sns import as_sns

if TYPE_CHECKING:
    from anymail.webhooks.base import AnymailBaseWebhookView

# The view of each, imported by its first event, and what anymail calls the key that its events are
# signed with.
VIEWS: dict[str, tuple[str, str]] = {
    "amazon_ses": ("surveys.sending.events.sns.SesView", ""),
    "brevo": ("anymail.webhooks.brevo.BrevoTrackingWebhookView", ""),
    "mailgun": ("anymail.webhooks.mailgun.MailgunTrackingWebhookView", "webhook_signing_key"),
    "mailjet": ("anymail.webhooks.mailjet.MailjetTrackingWebhookView", ""),
    "mailtrap": ("anymail.webhooks.mailtrap.MailtrapTrackingWebhookView", "tracking_secret"),
    "mandrill": ("anymail.webhooks.mandrill.MandrillCombinedWebhookView", "webhook_key"),
    "postal": ("anymail.webhooks.postal.PostalTrackingWebhookView", "webhook_key"),
    "postmark": ("anymail.webhooks.postmark.PostmarkTrackingWebhookView", ""),
    "resend": ("anymail.webhooks.resend.ResendTrackingWebhookView", ""),
    "sendgrid": (
        "anymail.webhooks.sendgrid.SendGridTrackingWebhookView",
        "tracking_webhook_verification_key",
    ),
    "sparkpost": ("anymail.webhooks.sparkpost.SparkPostTrackingWebhookView", ""),
}


class Forged(Exception):
    """Not from whom it should be."""


class Unreadable(Exception):
    """Not of the shape that the provider's documentation shows."""


def open_webhook() -> str:
    """The provider whose events are taken; without a secret anybody could report bounces."""
    return settings.EMAIL_PROVIDER if settings.ANYMAIL_WEBHOOK_SECRET else ""


def read_events(request: HttpRequest, *, provider: str) -> list[AnymailTrackingEvent]:
    """Raises Forged, Unreadable, or Unreachable where the provider could not be asked in turn."""
    view = _view(provider)
    try:
        view.run_validators(request)
    except (AnymailWebhookValidationFailure, Unreachable):
        raise
    except Exception as error:
        raise Forged from error
    return _parsed(view, request)


def read_file(body: Any, *, provider: str) -> list[AnymailTrackingEvent]:
    """Of a body that an operator has as a file: whoever may read files here need not prove it."""
    from django.test import RequestFactory

    factory = RequestFactory()
    if provider == "amazon_ses" and isinstance(body, dict):
        body = as_sns(body)
    if provider == "mandrill":
        events = body if isinstance(body, list) else [body]
        form = urlencode({"mandrill_events": json.dumps(events)})
        kind = "application/x-www-form-urlencoded"
        return _parsed(_view(provider), factory.generic("POST", "/", form, kind))
    request = factory.generic("POST", "/", json.dumps(body), "application/json")
    return _parsed(_view(provider), request)


def _view(provider: str) -> AnymailBaseWebhookView:
    from anymail.webhooks.base import AnymailBasicAuthMixin

    place, name = VIEWS[provider]
    kind: type[AnymailBaseWebhookView] = import_string(place)
    key = {name: settings.EMAIL_PROVIDER_KEY or None} if name else {}
    if provider in ("mailgun", "postal"):
        key = {name: settings.EMAIL_PROVIDER_KEY}
    # Of a file nobody shows it: then it is one that nobody knows.
    secret = settings.ANYMAIL_WEBHOOK_SECRET or [secrets.token_urlsafe()]
    view = kind(webhook_secret=secret, **key)
    if name and not settings.EMAIL_PROVIDER_KEY:
        # Only where Koe is not served by https: our secret alone lets an event in.
        view.validators = [AnymailBasicAuthMixin.validate_request]
    return view


def _parsed(view: AnymailBaseWebhookView, request: HttpRequest) -> list[AnymailTrackingEvent]:
    try:
        events = view.parse_events(request)
    except (AnymailWebhookValidationFailure, Unreachable):
        raise
    except Exception as error:
        # Readers of eleven formats, each of which trusts its provider: whatever breaks one of
        # them is no event, and would be no event the next time either.
        raise Unreadable(f"{type(error).__name__}: {error}") from error
    return [each for each in events if isinstance(each, AnymailTrackingEvent)]
