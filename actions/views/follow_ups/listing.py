"""The list of follow-ups, giving several of them to somebody, and the answers that wait."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.domain.access.roles import Permission
from accounts.views.settings.pages import page_of
from accounts.web.access import StaffRequest, staff_may
from actions.domain.follow_ups.states import Dismissal
from actions.forms.follow_ups.acts import DismissForm, ListFilterForm
from actions.forms.follow_ups.saved_views import SavedViewForm
from actions.labels import GROUP_LABELS
from actions.models import FollowUp, SavedView
from actions.queries.follow_ups.balance import undecided
from actions.queries.follow_ups.listing import View, Wanted, counts, follow_ups, rows_of
from actions.queries.follow_ups.staff import workers
from actions.services.follow_ups import work
from actions.services.follow_ups.decisions import dismiss_waiting, follow_up_waiting
from actions.services.follow_ups.work import Act, NotAllowed, Stale
from actions.views.follow_ups.detail import back_to_answer
from common.web.ids import id_in
from surveys.models import Response
from surveys.queries.answers.responses import responses_of_all


@staff_may(Permission.FOLLOW_UP)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    own = list(SavedView.objects.filter(staff=request.user))
    first = next((each.query for each in own if each.is_default), "")
    if first and not request.GET:
        return redirect(f"{request.path}?{first}")
    now, form = timezone.now(), ListFilterForm(request.GET)
    wanted, query = _wanted(form), form.query()
    saved = next((each for each in own if each.query == query), None)
    page = page_of(request, follow_ups(wanted, reader=request.user, now=now))
    rows = rows_of(list(page), now=now)
    context = {
        "form": form,
        "page_obj": page,
        "rows": [(GROUP_LABELS[row.group], row) for row in rows],
        "tabs": _tabs(request, None if saved else wanted.view, now=now) + _own_tabs(own, saved),
        "saved": saved,
        "saved_form": SavedViewForm(),
        "clear_url": "?view=mine",
        "staff": workers(),
        "waiting": undecided().count(),
        "is_closed": wanted.view is View.DONE,
    }
    return render(request, "actions/follow_ups/list.html", context)


def _own_tabs(own: list[SavedView], active: SavedView | None) -> list[dict[str, Any]]:
    return [{"label": each.name, "url": f"?{each.query}", "active": each == active} for each in own]


def _wanted(form: ListFilterForm) -> Wanted:
    """What was asked for, as far as it can be understood."""
    form.is_valid()
    data = form.cleaned_data
    known = data.get("view") in list(View)
    return Wanted(
        View(data["view"]) if known else View.MINE,
        text=data.get("q", ""),
        owner=data.get("owner"),
        trigger=data.get("why", ""),
    )


def _tabs(request: StaffRequest, active: View | None, *, now: Any) -> list[dict[str, Any]]:
    labels = {
        View.MINE: _("Mine"),
        View.UNASSIGNED: _("Unassigned"),
        View.OVERDUE: _("Overdue"),
        View.WAITING: pgettext("follow-up", "Waiting"),
        View.ALL: _("All open"),
        View.DONE: pgettext("follow-up", "Closed"),
    }
    number = counts(reader=request.user, now=now)
    return [
        {
            "label": label,
            "url": f"?view={view}",
            "active": view is active,
            "count": number.get(view),
        }
        for view, label in labels.items()
    ]


@staff_may(Permission.FOLLOW_UP)
@require_POST
def assign(request: StaffRequest) -> HttpResponse:
    """Those of the chosen ones that this reader may give away; the others are counted."""
    to = next((each for each in workers() if str(each.pk) == request.POST.get("to")), None)
    chosen = _chosen(request)
    if to is None or not chosen:
        messages.error(request, _("Choose follow-ups and who is to have them."))
        return _back(request)
    done = sum(_assigned(request, each, to) for each in FollowUp.objects.filter(pk__in=chosen))
    messages.success(
        request,
        ngettext(
            "%(number)d follow-up is now with %(name)s.",
            "%(number)d follow-ups are now with %(name)s.",
            done,
        )
        % {"number": done, "name": to},
    )
    if refused := len(chosen) - done:
        text = ngettext(
            "%(number)d is somebody else's or was closed; it stays as it is.",
            "%(number)d are somebody else's or were closed; they stay as they are.",
            refused,
        )
        messages.warning(request, text % {"number": refused})
    return _back(request)


def _assigned(request: StaffRequest, found: FollowUp, to: Any) -> bool:
    act = Act(found, found.version, request.user, timezone.now())
    try:
        work.assign(act, to=to)
    except (NotAllowed, Stale):
        return False
    return True


def _back(request: StaffRequest) -> HttpResponse:
    """To the list as it was filtered."""
    return redirect(f"{reverse('actions:follow-up-list')}?{request.POST.get('query', '')}")


@staff_may(Permission.FOLLOW_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def waiting(request: StaffRequest) -> HttpResponse:
    """Detractor answers that nobody has decided on: each is followed up, or dismissed with why."""
    form = DismissForm(request.POST or None, initial={"seen": 0})
    if request.method == "POST" and form.is_valid():
        chosen = _chosen(request)
        reason = Dismissal(form.cleaned_data["reason"])
        done = dismiss_waiting(
            chosen,
            reason=reason,
            note=form.cleaned_data["note"],
            by=request.user,
            now=timezone.now(),
        )
        text = ngettext("%(number)d answer dismissed.", "%(number)d answers dismissed.", done)
        messages.success(request, text % {"number": done})
        return back_to_answer(request) or redirect("actions:answer-list")
    page = page_of(
        request, undecided().order_by("-answered_at", "-pk").values_list("pk", flat=True)
    )
    rows = responses_of_all().filter(pk__in=list(page)).order_by("-answered_at", "-pk")
    context = {"page_obj": page, "rows": rows, "form": form}
    return render(
        request, "actions/follow_ups/waiting.html", context, status=422 if form.errors else 200
    )


@staff_may(Permission.FOLLOW_UP)
@require_POST
def follow_up(request: StaffRequest, pk: int) -> HttpResponse:
    get_object_or_404(Response, pk=pk)
    waits = undecided().filter(pk=pk).exists()
    found = follow_up_waiting(pk, by=request.user, now=timezone.now()) if waits else None
    if found is None:
        messages.warning(request, _("Somebody has decided on this answer meanwhile."))
        return redirect("surveys:response-detail", pk)
    return redirect("actions:follow-up-detail", found.pk)


def _chosen(request: StaffRequest) -> list[int]:
    found = map(id_in, request.POST.getlist("chosen"))
    return [pk for pk in found if pk is not None]
