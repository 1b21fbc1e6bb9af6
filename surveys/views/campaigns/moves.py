"""A campaign's moves from state to state, and its test e-mail."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.domain.access.roles import Permission
from accounts.web.access import StaffRequest, View, staff_may
from surveys.domain.states import OVER, UNFINISHED
from surveys.forms.steps.campaigns import TrialForm
from surveys.models import Campaign
from surveys.sending import send_trial
from surveys.services.campaigns import approval, states, tidying


@staff_may(Permission.CONFIGURE_CAMPAIGNS)
@require_POST
def trial(request: StaffRequest, slug: str) -> HttpResponse:
    campaign = get_object_or_404(Campaign, slug=slug)
    form = TrialForm(request.POST)
    if form.is_valid():
        test_to_reader(request, campaign, language=form.cleaned_data["language"])
    return redirect("surveys:campaign-detail", slug)


def test_to_reader(request: StaffRequest, campaign: Campaign, *, language: str) -> None:
    address = request.user.email
    error = send_trial(campaign, language=language, to=address, now=timezone.now())
    if error:
        messages.error(request, error)
    else:
        text = _("A test e-mail is on its way to %(address)s.") % {"address": address}
        messages.success(request, text)


@staff_may(Permission.CONFIGURE_CAMPAIGNS)
@require_POST
def duplicate(request: StaffRequest, slug: str) -> HttpResponse:
    campaign = get_object_or_404(Campaign, slug=slug, state__in=[*UNFINISHED, *OVER])
    copy = tidying.duplicate(campaign, by=request.user, now=timezone.now())
    messages.success(request, _("This is the copy: a draft. Nothing is sent until you launch it."))
    return redirect("surveys:campaign-edit", copy.slug)


def _move(
    move: Any, done: Any, *, by: Permission = Permission.LAUNCH_CAMPAIGNS, gone: bool = False
) -> View:
    """The view of a button that moves a campaign, or tells why it cannot."""

    @staff_may(by)
    @require_POST
    def moved(request: StaffRequest, slug: str) -> HttpResponse:
        campaign = get_object_or_404(Campaign, slug=slug)
        try:
            _check_seen(request, campaign)
            move(campaign, by=request.user, now=timezone.now())
        except states.CampaignError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, done % {"name": campaign.name})
            if gone:
                return redirect("surveys:campaign-list")
        return redirect("surveys:campaign-detail", slug)

    return moved


def _check_seen(request: StaffRequest, campaign: Campaign) -> None:
    """Whoever agrees to a launch agrees to what their page showed; others have no version."""
    seen = request.POST.get("version")
    if seen is not None and seen != str(campaign.version):
        raise states.CampaignError(gettext("The campaign was changed meanwhile. Look at it again."))


launch = _move(states.launch, _("“%(name)s” has been launched."))
pause = _move(states.pause, _("“%(name)s” has been paused."))
resume = _move(states.resume, _("“%(name)s” has been resumed."))
cancel = _move(states.cancel, _("“%(name)s” has been cancelled."))
ask_for_second = _move(
    approval.ask_for_second,
    _("Somebody else who may launch campaigns can launch “%(name)s” now, from their home."),
)
take_back = _move(approval.take_back, _("Nobody is asked to launch “%(name)s” any more."))
archive = _move(tidying.archive, _("“%(name)s” has been archived."))
restore = _move(tidying.restore, _("“%(name)s” is in the list again."))
delete = _move(
    tidying.delete_draft,
    _("The draft “%(name)s” has been deleted."),
    by=Permission.CONFIGURE_CAMPAIGNS,
    gone=True,
)
