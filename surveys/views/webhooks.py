"""Where the provider that carries the e-mails posts what became of them; nobody else's is here."""

from __future__ import annotations

import logging

from anymail.exceptions import AnymailWebhookValidationFailure
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from common.net.outgoing import Refused, Unreachable
from surveys.sending import Forged, Unreadable, open_webhook, read_events, record_event

logger = logging.getLogger(__name__)


@csrf_exempt  # a program posts, without cookies
def receive_events(request: HttpRequest, provider: str) -> HttpResponse:
    if provider != open_webhook():
        raise Http404
    if request.method == "HEAD":
        return HttpResponse()  # some ask so whether there is anybody
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST, HEAD"})
    if provider == "amazon_ses" and "Authorization" not in request.headers:
        # SNS shows its secret only where it is asked for it.
        return HttpResponse(status=401, headers={"WWW-Authenticate": 'Basic realm="events"'})
    return _received(request, provider=provider)


def _received(request: HttpRequest, *, provider: str) -> HttpResponse:
    now = timezone.now()
    try:
        events = read_events(request, provider=provider)
    except (AnymailWebhookValidationFailure, Forged, Refused):
        return HttpResponse("Not believed.\n", status=400, content_type="text/plain")
    except Unreadable as error:
        logger.warning("an event of %s could not be read: %s", provider, str(error)[:300])
        return HttpResponse("Not understood.\n", status=400, content_type="text/plain")
    except Unreachable as error:
        logger.warning("%s could not be asked about its event: %s", provider, error)
        return HttpResponse("Try again.\n", status=503, content_type="text/plain")
    for event in events:
        record_event(event, provider=provider, now=now)
    return HttpResponse()
