"""A campaign's moves from state to state, and its test e-mail."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.domain.roles import Permission
from accounts.web.access import StaffRequest, staff_may
from surveys.domain.states import OVER, UNFINISHED
from surveys.forms.campaigns import TrialForm
from surveys.models import Campaign
from surveys.sending import send_trial
from surveys.services.campaigns import states, tidying


@staff_may(Permission.CONFIGURE_CAMPAIGNS)
@require_POST
def trial(request: StaffRequest, slug: str) -> HttpResponse:
    campaign = get_object_or_404(Campaign, slug=slug)
    form = TrialForm(request.POST)
    if form.is_valid():
        address = request.user.email
        error = send_trial(
            campaign, language=form.cleaned_data["language"], to=address, now=timezone.now()
        )
        if error:
            messages.error(request, error)
        else:
            text = _("A test e-mail is on its way to %(address)s.") % {"address": address}
            messages.success(request, text)
    return redirect("surveys:campaign-detail", slug)


@staff_may(Permission.LAUNCH_CAMPAIGNS)
@require_POST
def launch(request: StaffRequest, slug: str) -> HttpResponse:
    return _move(request, slug, states.launch, _("“%(name)s” has been launched."))


@staff_may(Permission.LAUNCH_CAMPAIGNS)
@require_POST
def pause(request: StaffRequest, slug: str) -> HttpResponse:
    return _move(request, slug, states.pause, _("“%(name)s” has been paused."))


@staff_may(Permission.LAUNCH_CAMPAIGNS)
@require_POST
def resume(request: StaffRequest, slug: str) -> HttpResponse:
    return _move(request, slug, states.resume, _("“%(name)s” has been resumed."))


@staff_may(Permission.LAUNCH_CAMPAIGNS)
@require_POST
def cancel(request: StaffRequest, slug: str) -> HttpResponse:
    return _move(request, slug, states.cancel, _("“%(name)s” has been cancelled."))


@staff_may(Permission.LAUNCH_CAMPAIGNS)
@require_POST
def archive(request: StaffRequest, slug: str) -> HttpResponse:
    return _move(request, slug, tidying.archive, _("“%(name)s” has been archived."))


@staff_may(Permission.LAUNCH_CAMPAIGNS)
@require_POST
def restore(request: StaffRequest, slug: str) -> HttpResponse:
    return _move(request, slug, tidying.restore, _("“%(name)s” is in the list again."))


@staff_may(Permission.CONFIGURE_CAMPAIGNS)
@require_POST
def delete(request: StaffRequest, slug: str) -> HttpResponse:
    campaign = get_object_or_404(Campaign, slug=slug)
    try:
        tidying.delete_draft(campaign, by=request.user, now=timezone.now())
    except states.CampaignError as error:
        messages.error(request, str(error))
        return redirect("surveys:campaign-detail", slug)
    text = _("The draft “%(name)s” has been deleted.") % {"name": campaign.name}
    messages.success(request, text)
    return redirect("surveys:campaign-list")


@staff_may(Permission.CONFIGURE_CAMPAIGNS)
@require_POST
def duplicate(request: StaffRequest, slug: str) -> HttpResponse:
    campaign = get_object_or_404(Campaign, slug=slug, state__in=[*UNFINISHED, *OVER])
    copy = tidying.duplicate(campaign, by=request.user, now=timezone.now())
    messages.success(request, _("This is the copy: a draft. Nothing is sent until you launch it."))
    return redirect("surveys:campaign-edit", copy.slug)


def _move(request: StaffRequest, slug: str, move: Any, done: str) -> HttpResponse:
    campaign = get_object_or_404(Campaign, slug=slug)
    now: dt.datetime = timezone.now()
    try:
        move(campaign, by=request.user, now=now)
    except states.CampaignError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done % {"name": campaign.name})
    return redirect("surveys:campaign-detail", slug)
