"""Campaigns as templates of others: saved from a campaign's page, deleted where one is chosen."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.domain.access.roles import Permission
from accounts.web.access import StaffRequest, staff_may
from common.web.ids import id_in
from surveys.domain.states import OVER, UNFINISHED
from surveys.models import Campaign, CampaignTemplate
from surveys.services.campaigns import states, templates


@staff_may(Permission.CONFIGURE_CAMPAIGNS)
@require_POST
def save_template(request: StaffRequest, slug: str) -> HttpResponse:
    campaign = get_object_or_404(Campaign, slug=slug, state__in=[*UNFINISHED, *OVER])
    try:
        templates.save_as_template(campaign, by=request.user, now=timezone.now())
    except states.CampaignError as error:
        messages.error(request, str(error))
    else:
        text = _("“%(name)s” is a template now: a new campaign can begin as it.")
        messages.success(request, text % {"name": campaign.name})
    return redirect("surveys:campaign-detail", slug)


@staff_may(Permission.CONFIGURE_CAMPAIGNS)
@require_POST
def delete_template(request: StaffRequest) -> HttpResponse:
    wanted = CampaignTemplate.objects.filter(pk=id_in(request.POST.get("template")) or 0)
    # Somebody else may have deleted it just now.
    if template := wanted.first():
        templates.delete_template(template, by=request.user, now=timezone.now())
        text = _("The template “%(name)s” is deleted.") % {"name": template.name}
        messages.success(request, text)
    return redirect("surveys:campaign-create")
