"""The first page: what runs, whom to call, what needs attention."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.domain.roles import Permission, Role
from accounts.forms.owners import MINE
from accounts.queries.facts.freshness import late_sources
from accounts.queries.owners import has_no_accounts, owns_accounts
from accounts.web.access import StaffRequest, staff_may
from surveys.queries import home as queries


@staff_may(Permission.VIEW_HOME)
@require_safe
def home(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    works = request.user.may(Permission.VIEW_CAMPAIGNS)
    own = _own_accounts(request)
    owner = request.user.email if own else ""
    context: dict[str, Any] = {
        "own": own,
        "kept": f"?mine={MINE}" if own else "",
        "no_accounts": has_no_accounts(owner),
        "results": queries.results(now=now, owner=owner),
        "comments": queries.newest_comments(now=now, owner=owner),
        "works": works,
        "now": now,
    }
    if works:
        context |= {
            "campaigns": queries.running_campaigns(),
            "paused": queries.paused_by_machine(),
            "failing": queries.failing_campaigns(now=now),
            "set_aside": queries.set_aside_lately(now=now),
            "imports": queries.failed_imports(now=now),
            "late": late_sources(today=timezone.localdate(now)),
            "steps": queries.first_steps(),
        }
    return render(request, "surveys/home.html", context)


def _own_accounts(request: StaffRequest) -> bool:
    """Whether they are asked for. CS members begin with them, if they have any."""
    asked = request.GET.get("mine")
    if asked is not None:
        return asked == MINE
    return request.user.role == Role.CS and owns_accounts(request.user.email)
