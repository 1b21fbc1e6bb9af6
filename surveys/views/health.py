"""Whether Koe is ready: this machine, what works in the background, and what sends e-mails."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.web.health import machine_checks
from surveys.domain.mail.obstacles import Obstacle, ObstacleKind, is_silent
from surveys.queries.obstacles import SendingStatus, sending_status


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 where nothing that is ours stops Koe; else 503, with the names of what does.

    `?only=web` asks what answering and the pages need. A mail server that is away is told of, and
    is no reason to start anything again.
    """
    checks: dict[str, Any] = machine_checks()
    if request.GET.get("only") != "web" and all(checks.values()):
        checks |= _of_sending(timezone.now())
    well = all(value for value in checks.values() if isinstance(value, bool))
    return JsonResponse(checks, status=200 if well else 503)


def _of_sending(now: dt.datetime) -> dict[str, Any]:
    try:
        found = sending_status(now=now)
    except DatabaseError:
        return {"database": False}
    facts = found.facts
    return {
        "beat": not is_silent(facts.beat, now=now),
        "workers": not any(is_silent(seen, now=now) for seen in facts.workers.values()),
        "sending": _told(found),
    }


def _told(found: SendingStatus) -> dict[str, Any]:
    """Without the domains of recipients: this page is open to all who reach it."""
    return {
        "stopped": found.stops,
        "waiting": found.facts.waiting,
        "waiting_since": found.facts.waiting_since,
        "obstacles": [_obstacle(each) for each in found.obstacles],
    }


def _obstacle(each: Obstacle) -> dict[str, Any]:
    name = {} if each.kind is ObstacleKind.DOMAIN else {"name": each.name}
    return {"kind": each.kind, **name, "since": each.since, "next_try": each.next_try}
