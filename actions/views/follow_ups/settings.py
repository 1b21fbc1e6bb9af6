"""Settings of follow-ups: the rules with what they would have done, root causes, working hours."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.conf import settings as django_settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.domain.access.roles import Permission
from accounts.views.settings.pages import done, form_page
from accounts.web.access import StaffRequest, staff_may
from actions.domain.rules.triggers import Trigger, fires_for_passives
from actions.forms.follow_ups.settings import (
    CauseForm,
    HoldOutForm,
    HoursForm,
    OwnHoursForm,
    RuleForm,
)
from actions.forms.replies import TemplateForm
from actions.labels import TRIGGER_LABELS
from actions.models import WorkingHours
from actions.queries.follow_ups.causes import offered_causes, withdrawn_causes
from actions.queries.rules.dry_run import try_rule
from actions.queries.rules.in_force import answer_rules, held_out_percent, rules
from actions.services.follow_ups import settings as services

HERE = "actions:settings"


@staff_may(Permission.MANAGE_SETTINGS)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    return _page(request)


@staff_may(Permission.MANAGE_SETTINGS)
@require_POST
def rule(request: StaffRequest, trigger: str) -> HttpResponse:
    """Saves it; `try` alone counts what it would have done, and writes nothing."""
    if trigger not in list(Trigger):
        raise Http404(trigger)
    form = RuleForm(request.POST, rule=rules()[Trigger(trigger)])
    if not form.is_valid():
        return _page(request, form)
    if "try" in request.POST:
        return _page(request, form, tried=try_rule(form.rule(), now=timezone.now()))
    services.save_rule(form.rule(), by=request.user, now=timezone.now())
    return done(request, _("Saved."), HERE)


@staff_may(Permission.MANAGE_SETTINGS)
@require_POST
def hold_out(request: StaffRequest) -> HttpResponse:
    form = HoldOutForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    services.save_hold_out(form.cleaned_data["percent"], by=request.user, now=timezone.now())
    return done(request, _("Saved."), HERE)


@staff_may(Permission.MANAGE_SETTINGS)
@require_POST
def causes(request: StaffRequest) -> HttpResponse:
    """One more of the organisation's own, or one that is to be offered or no longer."""
    who: dict[str, Any] = {"by": request.user, "now": timezone.now()}
    for name in ("offer", "withdraw"):
        if key := request.POST.get(name):
            if not services.offer_cause(key[:50], offered=name == "offer", **who):
                raise Http404(key)
            return redirect(HERE)
    form = CauseForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    services.add_cause(**form.cleaned_data, **who)
    return done(request, _("Saved."), HERE)


@staff_may(Permission.MANAGE_SETTINGS)
@require_POST
def hours(request: StaffRequest) -> HttpResponse:
    form = HoursForm(request.POST, hours=WorkingHours())
    if not form.is_valid():
        return _page(request, form)
    services.save_hours(form.cleaned_data, staff=None, by=request.user, now=timezone.now())
    return done(request, _("Saved."), HERE)


@staff_may(Permission.MANAGE_SETTINGS)
@require_POST
def template(request: StaffRequest, language: str) -> HttpResponse:
    """How replies in that language begin."""
    if language not in dict(django_settings.LANGUAGES):
        raise Http404(language)
    form = TemplateForm(request.POST, language=language)
    if not form.is_valid():
        return _page(request, form)
    who: dict[str, Any] = {"by": request.user, "now": timezone.now()}
    services.save_template(language, **form.cleaned_data, **who)
    return done(request, _("Saved."), HERE)


@staff_may(Permission.FOLLOW_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def own_hours(request: StaffRequest) -> HttpResponse:
    """One's own, by which one's follow-ups are due; until then they are everybody's."""
    mine = WorkingHours.objects.filter(staff=request.user).first() or _everybodys()
    form = OwnHoursForm(request.POST or None, hours=mine)
    if request.method == "POST" and form.is_valid():
        who: Any = {"staff": request.user, "by": request.user, "now": timezone.now()}
        services.save_hours(form.cleaned_data, **who)
        return done(request, _("Saved."), "actions:follow-up-list")
    return form_page(
        request,
        "actions/follow_ups/hours.html",
        {"form": form, "submit_label": _("Save")},
        back="actions:follow-up-list",
        invalid=request.method == "POST",
    )


def _everybodys() -> WorkingHours:
    return WorkingHours.objects.filter(staff__isnull=True).first() or WorkingHours()


def _page(
    request: StaffRequest, sent: django_forms.Form | None = None, *, tried: Any = None
) -> HttpResponse:
    """`sent`: the form that came with the request stands in its place."""
    sent_trigger = getattr(sent, "trigger", None)
    shown = {trigger: RuleForm(rule=each) for trigger, each in rules().items()}
    here = (sent, tried)
    context = {
        "rules": [
            (trigger, TRIGGER_LABELS[trigger], *(here if trigger == sent_trigger else (form, None)))
            for trigger, form in shown.items()
        ],
        "causes": offered_causes(),
        "withdrawn": withdrawn_causes(),
        "template_forms": [
            sent
            if isinstance(sent, TemplateForm) and sent.language == language
            else TemplateForm(language=language)
            for language, _name in django_settings.LANGUAGES
        ],
        "hold_out_form": sent
        if isinstance(sent, HoldOutForm)
        else HoldOutForm(initial={"percent": held_out_percent()}),
        "opens_for_passives": any(fires_for_passives(each) for each in answer_rules()),
        "cause_form": sent if isinstance(sent, CauseForm) else CauseForm(),
        "hours_form": sent if isinstance(sent, HoursForm) else HoursForm(hours=_everybodys()),
    }
    status = 422 if sent is not None and sent.errors else 200
    return render(request, "actions/follow_ups/settings.html", context, status=status)
