"""The first page: what runs, whom to call, what needs attention."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.domain.roles import Permission
from accounts.web.access import StaffRequest, staff_may
from surveys.queries import home as queries


@staff_may(Permission.VIEW_HOME)
@require_safe
def home(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    works = request.user.may(Permission.VIEW_CAMPAIGNS)
    context: dict[str, Any] = {
        "results": queries.results(now=now),
        "comments": queries.newest_comments(now=now, to_follow_up=works),
        "works": works,
    }
    if works:
        context |= {
            "campaigns": queries.running_campaigns(),
            "paused": queries.paused_by_machine(),
            "failing": queries.failing_campaigns(now=now),
            "set_aside": queries.set_aside_lately(now=now),
            "imports": queries.failed_imports(now=now),
            "steps": queries.first_steps(),
        }
    return render(request, "surveys/home.html", context)
