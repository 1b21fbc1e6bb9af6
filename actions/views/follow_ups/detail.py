"""One follow-up: its story, and what can be done next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.domain.access.roles import Permission
from accounts.models import Customer, StaffUser
from accounts.views.settings.pages import done, form_page
from accounts.web.access import StaffRequest, staff_may
from actions.domain.follow_ups.access import may_assign, may_work
from actions.domain.follow_ups.due import is_overdue
from actions.domain.follow_ups.states import Dismissal, State, may_become
from actions.forms.follow_ups import acts as forms
from actions.models import FollowUp, Improvement
from actions.queries.follow_ups.causes import cause_name
from actions.queries.follow_ups.listing import rows_of
from actions.queries.follow_ups.story import story_of
from actions.queries.replies import unsent
from actions.services.follow_ups import work
from actions.services.follow_ups.decisions import open_by_hand
from actions.services.follow_ups.work import Act, NotAllowed, Stale
from actions.services.improvements import link
from common.web.ids import id_in


def _reader(act: Act) -> StaffUser:
    """On a page somebody acts, never a program."""
    assert act.by is not None  # noqa: S101
    return act.by


FORMS: dict[str, type[forms.ActForm]] = {
    "take": forms.ActForm,
    "assign": forms.AssignForm,
    "start": forms.ActForm,
    "snooze": forms.SnoozeForm,
    "comment": forms.CommentForm,
    "close": forms.CloseForm,
    "reopen": forms.ReopenForm,
    "dismiss": forms.DismissForm,
    "improve": forms.ImproveForm,
}
DO: dict[str, Callable[[Act, Any], None]] = {
    "take": lambda act, form: work.assign(act, to=_reader(act)),
    "assign": lambda act, form: work.assign(act, to=form.staff()),
    "start": lambda act, form: work.start(act),
    "snooze": lambda act, form: work.snooze(act, **_given(form, "until", "reason")),
    "comment": lambda act, form: work.comment(act, **_given(form, "text", "contacted")),
    "close": lambda act, form: work.close(act, **_given(form, "cause", "outcome", "contacted")),
    "improve": lambda act, form: link(
        form.cleaned_data["improvement"], act.follow_up, by=_reader(act), now=act.now
    ),
    "reopen": lambda act, form: work.reopen(act, **_given(form, "reason")),
    "dismiss": lambda act, form: work.dismiss(
        act, reason=Dismissal(form.cleaned_data["reason"]), note=form.cleaned_data["note"]
    ),
}


def _given(form: forms.ActForm, *names: str) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in names}


@staff_may(Permission.FOLLOW_UP)
@require_safe
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    return _page(request, _found(pk))


@staff_may(Permission.FOLLOW_UP)
@require_POST
def act(request: StaffRequest, pk: int, name: str) -> HttpResponse:
    if name not in FORMS:
        raise Http404(name)
    found, form = _found(pk), FORMS[name](request.POST, auto_id=f"{name}_%s")
    if not form.is_valid():
        return _page(request, found, status=422, **{name: form})
    try:
        DO[name](Act(found, form.cleaned_data["seen"], request.user, timezone.now()), form)
    except NotAllowed as refused:
        raise PermissionDenied from refused
    except Stale:
        # What was typed stays in its form, beside what has happened meanwhile.
        messages.error(
            request, _("Somebody has changed this follow-up meanwhile. Read, then save.")
        )
        found = _found(pk)
        typed = request.POST.copy()
        typed["seen"] = str(found.version)
        return _page(request, found, status=409, **{name: FORMS[name](typed, auto_id=f"{name}_%s")})
    messages.success(request, _("Saved."))
    return back_to_answer(request) or redirect("actions:follow-up-detail", pk)


def back_to_answer(request: StaffRequest) -> HttpResponse | None:
    """Whoever decided on the page of an answer stays there."""
    pk = id_in(request.POST.get("answer"))
    return redirect("surveys:response-detail", pk) if pk is not None else None


def _found(pk: int) -> FollowUp:
    rows = FollowUp.objects.select_related("customer", "respondent", "owner")
    return get_object_or_404(rows, pk=pk)


def _page(
    request: StaffRequest, found: FollowUp, *, status: int = 200, **typed: forms.ActForm
) -> HttpResponse:
    now, user = timezone.now(), request.user
    asked = {"is_owner": found.owner_id == user.pk}
    works = may_work(user.role, **asked)
    allowed = {
        "take": found.state != State.CLOSED and not asked["is_owner"],
        "assign": found.state != State.CLOSED
        and may_assign(user.role, has_owner=found.owner_id is not None, to_oneself=False, **asked),
        "start": works and found.state != State.CLOSED and may_become(found.state, State.WORKING),
        "snooze": works and may_become(found.state, State.WAITING),
        "comment": True,
        "close": works and may_become(found.state, State.CLOSED),
        "dismiss": works and may_become(found.state, State.CLOSED),
        "reopen": works and found.state == State.CLOSED,
        "improve": Improvement.objects.exists(),
    }
    initial: dict[str, Any] = {"seen": found.version, "to": found.owner_id}
    context = {
        "follow_up": found,
        "row": rows_of([found], now=now)[0],
        "story": story_of(found),
        "unsent": unsent().filter(follow_up=found).select_related("respondent"),
        "is_overdue": is_overdue(found.state, found.due_at, now=now),
        "cause": cause_name(found.root_cause) if found.root_cause else "",
        "acts": {
            name: typed.get(name) or form(initial=initial, auto_id=f"{name}_%s")
            for name, form in FORMS.items()
            if allowed[name]
        },
        "improvements": Improvement.objects.filter(follow_ups=found),
        "typed": next(iter(typed), ""),
    }
    return render(request, "actions/follow_ups/detail.html", context, status=status)


@staff_may(Permission.FOLLOW_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: StaffRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer, pk=pk)
    form = forms.NewForm(request.POST or None, initial={"owner": request.user.pk})
    if request.method == "POST" and form.is_valid():
        found = open_by_hand(
            customer,
            owner=form.staff(),
            text=form.cleaned_data["text"],
            by=request.user,
            now=timezone.now(),
        )
        return done(request, _("Saved."), "actions:follow-up-detail", found.pk)
    return form_page(
        request,
        "actions/follow_ups/new.html",
        {"form": form, "customer": customer, "submit_label": _("Open it")},
        back=reverse("customers:detail", args=[pk]),
        invalid=request.method == "POST",
    )
