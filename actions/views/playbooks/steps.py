"""The steps of a playbook: added, changed, moved and taken away."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.domain.access.roles import Permission
from accounts.views.settings.pages import done, form_page
from accounts.web.access import StaffRequest, staff_may
from actions.domain.playbooks.steps import StepKind
from actions.forms.playbooks.editing import StepForm
from actions.labels import STEP_KIND_LABELS
from actions.models import Playbook, PlaybookStep
from actions.services.playbooks import editing as services


@staff_may(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    if kind not in list(StepKind):
        raise Http404(kind)
    playbook = get_object_or_404(Playbook, pk=pk)
    last = playbook.steps.last()
    days = last.after_days if last else 0
    return _edit(request, PlaybookStep(playbook=playbook, kind=kind, after_days=days))


@staff_may(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit(request, _found(pk))


@staff_may(Permission.MANAGE_SETTINGS)
@require_POST
def act(request: StaffRequest, pk: int, act: str) -> HttpResponse:
    step = _found(pk)
    if act in ("up", "down"):
        services.move_step(step, up=act == "up")
    elif act == "delete":
        services.delete_step(step, by=request.user, now=timezone.now())
        messages.success(request, _("Deleted."))
    else:
        raise Http404(act)
    address = reverse("actions:playbook-detail", args=[step.playbook_id])
    return redirect(f"{address}#steps")


def _found(pk: int) -> PlaybookStep:
    return get_object_or_404(PlaybookStep.objects.select_related("playbook"), pk=pk)


def _edit(request: StaffRequest, step: PlaybookStep) -> HttpResponse:
    form, is_post = StepForm(request.POST or None, step=step), request.method == "POST"
    back = reverse("actions:playbook-detail", args=[step.playbook_id])
    if is_post and form.is_valid():
        if services.save_step(form.filled(), by=request.user, now=timezone.now()):
            return done(request, _("Saved."), back)
        form.add_error(None, _("A playbook has no more steps than this one."))
    context = {
        "form": form,
        "submit_label": _("Save"),
        "playbook": step.playbook,
        "kind": STEP_KIND_LABELS[step.kind],
        "is_survey": step.kind == StepKind.SURVEY,
        "is_message": step.kind == StepKind.WEBHOOK,
    }
    return form_page(request, "actions/playbooks/step.html", context, back=back, invalid=is_post)
