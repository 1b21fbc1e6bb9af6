"""The first page: what to do now, what runs, and what happened since yesterday."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBadRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.domain.access.roles import Permission, Role
from accounts.forms.owners import MINE
from accounts.models import Import
from accounts.queries.customers.owners import has_no_accounts, owns_accounts
from accounts.services.organisation import lacks_sender, unfinished
from accounts.web.access import StaffRequest, staff_may
from actions.domain.home import HIDEABLE, LineKind, is_hidden
from actions.forms.home import LineForm
from actions.labels import KIND_LABELS, LINE_LABELS, WHEN_LABELS, status_label
from actions.queries.home.found import Line, Scope
from actions.queries.home.since import since_yesterday
from actions.queries.home.steps import first_steps
from actions.queries.home.system import goals_by_status, system
from actions.queries.home.work import Hidden, find, hidden_lines, work
from actions.services.home import hide, show
from analytics.queries.database.snapshot import one_snapshot
from analytics.views.overview import view as overview
from common.web.back import came_from
from surveys.models import Demo
from surveys.queries.campaigns.running import running_campaigns
from surveys.queries.obstacles import SendingStatus, sending_status
from surveys.services.demo import may_be_made
from surveys.views.sending import sending_context

CAMPAIGNS = 8
PER_PAGE = 50


@staff_may(Permission.VIEW_HOME)
@require_safe
def home(request: StaffRequest) -> HttpResponseBase:
    if not request.user.may(Permission.FOLLOW_UP):
        return overview(request)
    with one_snapshot():
        context = _context(request)
    return render(request, "actions/home/index.html", context)


def _context(request: StaffRequest) -> dict[str, Any]:
    scope, steps = _scope(request), first_steps()
    status = sending_status(now=scope.now)
    context: dict[str, Any] = {
        "steps": steps,
        "no_accounts": has_no_accounts(request.user.email if scope.is_mine else ""),
        **_sections(request, scope),
        **_shared(request, scope),
        **sending_context(request, status),
    }
    if request.user.may(Permission.MANAGE_SETTINGS):
        context |= {"demo": Demo.objects.exists(), **_system(scope, status)}
        context["may_try_demo"] = not steps.are_done and may_be_made()
    if steps.are_done:
        context |= {
            "since": since_yesterday(scope),
            "campaigns": running_campaigns(at_most=CAMPAIGNS),
        }
    return context


def _sections(request: StaffRequest, scope: Scope) -> dict[str, Any]:
    shows_hidden, hidden = "hidden" in request.GET, hidden_lines(request.user)
    found = work(scope, {} if shows_hidden else hidden)
    sections = [
        {
            "when": section.when,
            "label": WHEN_LABELS[section.when],
            "total": section.total,
            "lines": [_drawn(each, hidden, scope) for each in section.lines],
            "more": [(kind, KIND_LABELS[kind], total) for kind, total in section.more],
        }
        for section in found.sections
    ]
    return {"sections": sections, "hidden": found.hidden, "shows_hidden": shows_hidden}


def _drawn(line: Line, hidden: Hidden, scope: Scope) -> dict[str, Any]:
    days = None
    if line.due is not None:
        is_moment = isinstance(line.due, dt.datetime)
        day = timezone.localdate(line.due) if is_moment else line.due  # type: ignore[arg-type]
        days = (day - scope.today).days
    return {
        "line": line,
        "label": LINE_LABELS[line.kind],
        "days": days,
        "days_late": -days if days is not None and days < 0 else 0,
        "may_hide": line.kind in HIDEABLE,
        "is_hidden": is_hidden(line.key, line.level, hidden.get(line.kind, {})),
    }


def _system(scope: Scope, status: SendingStatus) -> dict[str, Any]:
    found = system(status, now=scope.now)
    goals = goals_by_status(scope.today)
    return {
        "system": found,
        "unfinished": unfinished(),
        "lacks_sender": lacks_sender(),
        # In the order in which one imports them.
        "imported": [
            (kind.label, found.imported[kind.value])
            for kind in Import.Kind
            if kind.value in found.imported
        ],
        "goals": [(each, status_label(each), number) for each, number in goals.items()],
    }


def _shared(request: StaffRequest, scope: Scope) -> dict[str, Any]:
    return {
        "own": scope.is_mine,
        "now": scope.now,
        "today": scope.today,
        # Told, so that a link shows what was counted.
        "kept": f"?mine={MINE if scope.is_mine else ''}",
        "back": request.get_full_path(),
    }


def _scope(request: StaffRequest) -> Scope:
    return Scope(request.user, timezone.now(), _own_accounts(request))


def _own_accounts(request: StaffRequest) -> bool:
    """Whether they are asked for. CS members begin with them, if they have any."""
    asked = request.GET.get("mine")
    if asked is not None:
        return asked == MINE
    return request.user.role == Role.CS and owns_accounts(request.user.email)


@staff_may(Permission.FOLLOW_UP)
@require_safe
def more(request: StaffRequest, kind: str) -> HttpResponse:
    """All lines of one kind, the hidden ones too."""
    if kind not in list(LineKind):
        raise Http404
    with one_snapshot():
        scope = _scope(request)
        found = find(LineKind(kind), scope)
        page = Paginator(range(found.total), PER_PAGE).get_page(request.GET.get("page"))
        lines = found.take(page.start_index() - 1, page.end_index()) if found.total else []
        hidden = hidden_lines(request.user)
    context = {
        "label": KIND_LABELS[LineKind(kind)],
        "page_obj": page,
        "lines": [_drawn(each, hidden, scope) for each in lines],
        **_shared(request, scope),
    }
    return render(request, "actions/home/more.html", context)


@staff_may(Permission.FOLLOW_UP)
@require_POST
def hide_line(request: StaffRequest, kind: str) -> HttpResponse:
    """Hides a line until it gets worse, or shows it again."""
    form = LineForm({"line": request.POST.get("hide") or request.POST.get("show")})
    if kind not in HIDEABLE:
        raise Http404
    if not form.is_valid():
        return HttpResponseBadRequest()
    level, key = form.cleaned_data["line"]
    if "show" in request.POST:
        show(request.user, LineKind(kind), key=key)
    else:
        hide(request.user, LineKind(kind), key=key, level=level, now=timezone.now())
    return redirect(came_from(request))
