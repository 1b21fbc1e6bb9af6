from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from redis import Redis
from redis.exceptions import RedisError


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when the database and Redis answer; 503 with the names of those that do not."""
    checks = {"database": _database_answers(), "redis": _redis_answers()}
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _redis_answers() -> bool:
    # Not by the cache, which goes on without Redis.
    client = Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
    try:
        return bool(client.ping())
    except RedisError:
        return False
    finally:
        client.close()


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus, by `Authorization: Bearer METRICS_TOKEN`."""
    from surveys.queries import metric_lines

    if not _may_see_metrics(request):
        raise Http404

    body = "\n".join(metric_lines(now=timezone.now())) + "\n"
    return HttpResponse(body, content_type="text/plain; version=0.0.4")


def _may_see_metrics(request: HttpRequest) -> bool:
    """No personal data, but how much mail goes out is nobody's business on the open internet."""
    if not settings.METRICS_TOKEN:
        return not settings.SERVED_SECURELY
    shown = request.headers.get("Authorization", "")
    return constant_time_compare(shown, f"Bearer {settings.METRICS_TOKEN}")
