from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client.exposition import choose_encoder

from common.monitoring.prometheus import registry


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus, by `Authorization: Bearer METRICS_TOKEN`."""
    if not _may_see_metrics(request):
        raise Http404
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return HttpResponse(encode(registry(now=timezone.now())), content_type=content_type)


def _may_see_metrics(request: HttpRequest) -> bool:
    """No personal data, but how much mail goes out is nobody's business on the open internet."""
    if not settings.METRICS_TOKEN:
        return not settings.SERVED_SECURELY
    shown = request.headers.get("Authorization", "")
    return constant_time_compare(shown, f"Bearer {settings.METRICS_TOKEN}")
