"""A run of a playbook: why it started, its steps, and its result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.domain.access.roles import Permission
from accounts.domain.names import shown_name
from accounts.models import Respondent
from accounts.web.access import StaffRequest, staff_may
from actions.domain.follow_ups.access import may_assign, may_work
from actions.domain.playbooks.steps import RunResult
from actions.forms.playbooks.runs import EndForm, RunAssignForm, SettleForm
from actions.labels import STEP_STATE_LABELS
from actions.models import PlaybookRun, RunStep
from actions.queries.playbooks.runs import Why, draft_of, next_step, runs, why_of
from actions.services.follow_ups.work import NotAllowed, Stale
from actions.services.playbooks import runs as services
from actions.services.playbooks.runs import RunAct
from common.web.ids import id_in
from surveys.domain.wording import NAME_FALLBACK

# To whom a draft may be written; more are on the customer's page.
MOST_PEOPLE = 100


@staff_may(Permission.FOLLOW_UP)
@require_safe
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    return _page(request, get_object_or_404(runs(), pk=pk))


@staff_may(Permission.FOLLOW_UP)
@require_POST
def act(request: StaffRequest, pk: int, name: str) -> HttpResponse:
    run = get_object_or_404(runs(), pk=pk)
    found = RunAct(run, request.user, timezone.now())
    try:
        refused = _ACTS.get(name, _unknown)(request, found)
    except NotAllowed as error:
        raise PermissionDenied from error
    except Stale:
        messages.error(request, _("Somebody has changed this run meanwhile."))
        return redirect("actions:playbook-run", pk)
    if refused is not None:
        return _page(request, run, status=422, **refused)
    messages.success(request, _("Saved."))
    return redirect("actions:playbook-run", pk)


def _unknown(request: StaffRequest, found: RunAct) -> None:
    raise Http404


def _take(request: StaffRequest, found: RunAct) -> None:
    services.assign(found, to=found.by)


def _assign(request: StaffRequest, found: RunAct) -> dict[str, Any] | None:
    form = RunAssignForm(request.POST, run=found.run)
    if not form.is_valid():
        return {"assign_form": form}
    services.assign(found, to=form.staff())
    return None


def _settle(request: StaffRequest, found: RunAct) -> dict[str, Any] | None:
    step = get_object_or_404(found.run.steps, pk=id_in(request.POST.get("step")))
    form = SettleForm(request.POST)
    if not form.is_valid():
        return {"settle_form": form, "settled": step.pk}
    services.settle(found, step, form.state, note=form.cleaned_data["note"])
    return None


def _end(request: StaffRequest, found: RunAct) -> dict[str, Any] | None:
    form = EndForm(request.POST)
    if not form.is_valid():
        return {"end_form": form}
    data = form.cleaned_data
    services.end(found, result=RunResult(data["result"]), words=data["words"])
    return None


_ACTS: dict[str, Callable[[StaffRequest, RunAct], dict[str, Any] | None]] = {
    "take": _take, "assign": _assign, "settle": _settle, "end": _end,
}  # fmt: skip


def _page(
    request: StaffRequest, run: PlaybookRun, *, status: int = 200, **typed: forms.Form | int
) -> HttpResponse:
    user, mine = request.user, run.owner_id == request.user.pk
    owned = run.owner_id is not None
    why = why_of(run)
    people = _people(run)
    to = _chosen(request, people, why)
    context = {
        "run": run,
        "why": why,
        "steps": [(step, STEP_STATE_LABELS[step.state], _draft(request, step, to))
                  for step in run.steps.all()],
        "next": next_step(run),
        "people": people,
        "to": to,
        "now": timezone.now(),
        "may_work": run.is_open and may_work(user.role, is_owner=mine),
        "may_take": run.is_open and not mine,
        "may_assign": run.is_open
        and may_assign(user.role, is_owner=mine, has_owner=owned, to_oneself=False),
        "end_form": EndForm(),
        "assign_form": RunAssignForm(run=run),
        **typed,
    }  # fmt: skip
    return render(request, "actions/playbooks/run.html", context, status=status)


def _people(run: PlaybookRun) -> list[Respondent]:
    """Whoever can be written to; who was erased has no address."""
    found = run.customer.respondents.exclude(email="").order_by("name", "pk")
    return list(found[:MOST_PEOPLE])


def _chosen(request: StaffRequest, people: list[Respondent], why: Why) -> Respondent | None:
    """Who is asked for, else who gave the answer that it is about, else the first."""
    answered = why.response.invitation.respondent_id if why.response else None
    wanted = request.GET.get("to", str(answered))
    return next((each for each in people if str(each.pk) == wanted), next(iter(people), None))


def _draft(request: StaffRequest, step: RunStep, to: Respondent | None) -> dict[str, Any] | None:
    """In the language of who gets it, else in any that there is."""
    if not step.is_mail or to is None:
        return None
    languages = [to.language, *step.mails]
    name = shown_name(to.name)
    found = (
        draft_of(step, language=each, name=name or NAME_FALLBACK[each], by=request.user)
        for each in languages
    )
    draft = next(filter(None, found), None)
    if draft is None:
        return None
    address = quote(to.email, safe="@")
    subject, text = quote(draft.subject), quote(draft.text.replace("\n", "\r\n"))
    return {"draft": draft, "href": f"mailto:{address}?subject={subject}&body={text}"}
