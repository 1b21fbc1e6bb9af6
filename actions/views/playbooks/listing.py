"""All playbooks, the tasks of their runs, and what came of them."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from accounts.domain.access.roles import Permission
from accounts.views.settings.pages import page_of
from accounts.web.access import StaffRequest, staff_may
from actions.domain.follow_ups.groups import group_of
from actions.domain.follow_ups.states import State
from actions.domain.playbooks.steps import RunResult
from actions.labels import GROUP_LABELS, RUN_RESULT_LABELS
from actions.queries.playbooks.results import outcomes
from actions.queries.playbooks.runs import playbooks
from actions.queries.playbooks.tasks import Task, all_tasks, open_tasks

MINE, NOBODYS, ALL = "mine", "unassigned", "all"


@staff_may(Permission.FOLLOW_UP)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    context = {
        "playbooks": playbooks(),
        "tabs": tabs("playbooks"),
        "may_set": request.user.may(Permission.MANAGE_SETTINGS),
    }
    return render(request, "actions/playbooks/list.html", context)


@staff_may(Permission.FOLLOW_UP)
@require_safe
def tasks(request: StaffRequest) -> HttpResponse:
    now, view = timezone.now(), request.GET.get("view", MINE)
    page = page_of(request, _tasks(request, view, now=now))
    zone = ZoneInfo(settings.TIME_ZONE)
    rows = [
        (GROUP_LABELS[group_of(State.OPEN, each.due_at, now=now, zone=zone)], each) for each in page
    ]
    context = {
        "page_obj": page,
        "rows": rows,
        "tabs": tabs("tasks"),
        "views": _views(request, view, now=now),
        "now": now,
    }
    return render(request, "actions/playbooks/tasks.html", context)


def _tasks(request: StaffRequest, view: str, *, now: Any) -> list[Task]:
    if view == ALL:
        return all_tasks(now)
    return open_tasks(None if view == NOBODYS else request.user, now)


def _views(request: StaffRequest, active: str, *, now: Any) -> list[dict[str, Any]]:
    labels = {MINE: _("Mine"), NOBODYS: _("Unassigned"), ALL: _("All open")}
    return [
        {
            "url": f"?view={view}",
            "label": label,
            "active": view == active,
            "count": len(_tasks(request, view, now=now)),
        }
        for view, label in labels.items()
    ]


@staff_may(Permission.FOLLOW_UP)
@require_safe
def results(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    context = {
        "rows": outcomes(now=now, today=timezone.localdate(now)),
        "results": [RUN_RESULT_LABELS[each] for each in RunResult],
        "tabs": tabs("results"),
    }
    return render(request, "actions/playbooks/results.html", context)


def tabs(active: str) -> list[dict[str, Any]]:
    pages = {
        "playbooks": (_("Playbooks"), "actions:playbook-list"),
        "tasks": (_("Tasks"), "actions:playbook-tasks"),
        "results": (pgettext("playbook", "Results"), "actions:playbook-results"),
    }
    return [
        {"label": label, "url": reverse(name), "active": key == active}
        for key, (label, name) in pages.items()
    ]
