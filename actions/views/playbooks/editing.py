"""One playbook: what starts it, its steps, the try on the last 12 months, and its runs."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.domain.access.roles import Permission
from accounts.labels import usage_label
from accounts.models import Customer
from accounts.views.settings.pages import done, form_page, page_of
from accounts.web.access import StaffRequest, staff_may
from actions.domain.playbooks.starting import USUAL_LEVELS, StartedBy
from actions.domain.rules.triggers import Trigger
from actions.forms.playbooks.editing import PlaybookForm, cell_choices, size_label
from actions.labels import STARTED_BY_LABELS, STEP_KIND_LABELS
from actions.models import Playbook
from actions.queries.playbooks.occasions import starts_of_year
from actions.queries.playbooks.runs import next_step, runs
from actions.queries.playbooks.touch import sizes_in, touch_table
from actions.queries.rules.in_force import rules
from actions.queries.rules.key_persons import key_label
from actions.services.playbooks import editing as services
from actions.services.playbooks.presets import PRESETS, make_from, usual_measure
from analytics.queries.database.clock import day_of

# Of what would have started; how many there were stands above them.
MOST_SHOWN = 100


@staff_may(Permission.FOLLOW_UP)
@require_safe
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    """`?try` reads what would have been, and writes nothing."""
    playbook = get_object_or_404(Playbook.objects.select_related("owner"), pk=pk)
    page = page_of(request, runs().filter(playbook=playbook))
    context = {
        "playbook": playbook,
        "steps": playbook.steps.select_related("campaign", "channel"),
        "kinds": STEP_KIND_LABELS.items(),
        "page_obj": page,
        "rows": [(run, next_step(run)) for run in page],
        "may_set": request.user.may(Permission.MANAGE_SETTINGS),
        "measure": usage_label(playbook.measure) if playbook.measure else "",
        "key_person": key_label(rules()[Trigger.SILENCE].key),
        **_table_words(playbook),
        **(_tried(playbook) if "try" in request.GET else {}),
    }
    return render(request, "actions/playbooks/detail.html", context)


def _table_words(playbook: Playbook) -> dict[str, Any]:
    """The cells and sizes as the touch table calls them; what it no longer has is left out."""
    table = touch_table()
    if table is None:
        return {"has_table": False}
    sizes = sizes_in(table, today=timezone.localdate())
    return {
        "has_table": True,
        "cells": [text for cell, text in cell_choices(table, sizes) if cell in playbook.cells],
        "sizes": [size_label(table, size) for size in playbook.sizes],
    }


def _tried(playbook: Playbook) -> dict[str, Any]:
    found = starts_of_year(playbook.start, now=timezone.now())
    customers = Customer.objects.in_bulk({each.customer for each in found})
    latest = found[::-1][:MOST_SHOWN]
    days = groupby(latest, key=lambda each: day_of(each.at))
    shown = [(day, [customers[each.customer] for each in of_day]) for day, of_day in days]
    return {
        "tried": True,
        "number": len(found),
        "customers_number": len(customers),
        "shown": shown,
        "more": len(found) - len(latest),
    }


@staff_may(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: StaffRequest) -> HttpResponse:
    """From a template, or empty with what starts it."""
    now, preset = timezone.now(), PRESETS.get(request.POST.get("preset", ""))
    if preset is not None:
        playbook = make_from(preset, by=request.user, now=now)
        return done(request, _("Read it, change it, try it, then switch it on."),
                    "actions:playbook-detail", playbook.pk)  # fmt: skip
    if request.POST.get("started_by") not in list(StartedBy):
        context = {"presets": PRESETS.items(), "started_by": STARTED_BY_LABELS.items()}
        status = 422 if request.method == "POST" else 200
        return render(request, "actions/playbooks/new.html", context, status=status)
    by = StartedBy(request.POST["started_by"])
    playbook = Playbook(
        name=str(STARTED_BY_LABELS[by]),
        started_by=by,
        level=USUAL_LEVELS.get(by, 0),
        measure=usual_measure() if by is StartedBy.USAGE else "",
        owner=request.user,
    )
    services.save_playbook(playbook, by=request.user, now=now)
    return redirect("actions:playbook-edit", playbook.pk)


@staff_may(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    playbook = get_object_or_404(Playbook, pk=pk)
    name, is_post = playbook.name, request.method == "POST"
    form = PlaybookForm(request.POST or None, playbook=playbook, today=timezone.localdate())
    if is_post and form.is_valid():
        services.save_playbook(form.filled(), by=request.user, now=timezone.now())
        return done(request, _("Saved."), "actions:playbook-detail", pk)
    context = {
        "form": form,
        "submit_label": _("Save"),
        "name": name,
        "started_by": STARTED_BY_LABELS[playbook.started_by],
        "needs_table": playbook.started_by == StartedBy.TOUCH and touch_table() is None,
    }
    back = reverse("actions:playbook-detail", args=[pk])
    return form_page(request, "actions/playbooks/edit.html", context, back=back, invalid=is_post)


@staff_may(Permission.MANAGE_SETTINGS)
@require_POST
def switch(request: StaffRequest, pk: int) -> HttpResponse:
    playbook, on = get_object_or_404(Playbook, pk=pk), request.POST.get("on") == "1"
    try:
        services.switch(playbook, on=on, by=request.user, now=timezone.now())
    except services.NoSteps:
        messages.error(request, _("Add a step first: without steps there is nothing to do."))
        return redirect("actions:playbook-detail", pk)
    text = (
        _("Switched on. It starts from now on, and nothing for what is past.")
        if on
        else _("Switched off. What is under way goes on.")
    )
    return done(request, text, "actions:playbook-detail", pk)


@staff_may(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: StaffRequest, pk: int) -> HttpResponse:
    playbook = get_object_or_404(Playbook, pk=pk)
    if request.method == "POST":
        if services.delete_playbook(playbook, by=request.user, now=timezone.now()):
            return done(request, _("Deleted."), "actions:playbook-list")
        messages.error(request, _("It has runs, which are kept. Switch it off instead."))
        return redirect("actions:playbook-detail", pk)
    context = {
        "playbook": playbook,
        "text": _("The playbook is deleted with its steps."),
        "action": request.path,
        "button": _("Delete the playbook"),
        "back_url": reverse("actions:playbook-detail", args=[pk]),
    }
    return render(request, "actions/playbooks/delete.html", context)
