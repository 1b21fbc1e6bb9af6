"""The campaign editor, and what it shows while one writes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.domain.roles import Permission
from accounts.web.access import StaffRequest, staff_may
from surveys.domain.states import CampaignState
from surveys.domain.wording import DEFAULT_WORDING, PLACEHOLDERS
from surveys.forms.editor import CampaignEditor
from surveys.models import Campaign
from surveys.queries.campaigns import listing as queries
from surveys.sending import preview_head
from surveys.services.campaigns import states
from surveys.views.campaigns.mails import framed, mail_page
from surveys.views.campaigns.page import prospects_of, untranslated_of


@staff_may(Permission.CONFIGURE_CAMPAIGNS)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: StaffRequest) -> HttpResponse:
    editor = _editor(request, None)
    if request.method == "POST" and editor.is_valid():
        campaign = states.create_campaign(by=request.user, now=timezone.now(), **editor.fields())
        messages.success(request, _("The draft is saved. Nothing is sent until you launch it."))
        return redirect("surveys:campaign-detail", campaign.slug)
    return _edit_page(request, editor, None)


@staff_may(Permission.CONFIGURE_CAMPAIGNS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, slug: str) -> HttpResponse:
    campaign = get_object_or_404(Campaign, slug=slug)
    if request.method != "POST" and campaign.state not in states.EDITABLE:
        messages.warning(request, _not_editable(campaign))
        return redirect("surveys:campaign-detail", slug)
    editor = _editor(request, campaign)
    if request.method == "POST" and editor.is_valid():
        try:
            states.update_campaign(campaign, by=request.user, now=timezone.now(), **editor.fields())
        except states.CampaignError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Saved."))
        return redirect("surveys:campaign-detail", slug)
    return _edit_page(request, editor, campaign)


def _not_editable(campaign: Campaign) -> str:
    if campaign.state == CampaignState.RUNNING:
        return _("Pause the campaign before you change it.")
    return _("This campaign is over. You can view it, but no longer change it.")


def _editor(request: StaffRequest, campaign: Campaign | None) -> CampaignEditor:
    data = request.POST if request.method == "POST" else None
    return CampaignEditor(data, campaign=campaign, choices=queries.audience_choices())


def _edit_page(
    request: StaffRequest, editor: CampaignEditor, campaign: Campaign | None
) -> HttpResponse:
    context = {
        "editor": editor,
        "campaign": campaign,
        "placeholders": sorted(PLACEHOLDERS),
        "untranslated": untranslated_of(campaign) if campaign else [],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "surveys/campaigns/edit.html", context, status=status)


@staff_may(Permission.CONFIGURE_CAMPAIGNS)
@require_POST
def draft_who(request: StaffRequest, slug: str = "") -> HttpResponse:
    """Who would be asked as the editor stands now, saved or not; it writes nothing."""
    campaign = get_object_or_404(Campaign, slug=slug, state__in=states.EDITABLE) if slug else None
    asking = _editor(request, campaign).asking()
    context = {"campaign": campaign, "preview": None}
    if asking is not None:
        context |= prospects_of(asking)
    return render(request, "surveys/campaigns/_draft_who.html", context)


@staff_may(Permission.CONFIGURE_CAMPAIGNS)
@require_POST
def draft_mail(request: StaffRequest, language: str) -> HttpResponse:
    """The mail of what stands in the editor now, saved or not; it writes nothing."""
    editor = CampaignEditor(request.POST, campaign=None, choices={})
    if faults := editor.faults(language):
        context = {"faults": faults}
        return framed(render(request, "surveys/campaigns/faults.html", context, status=422))
    return mail_page(editor.draft(), language, reminder="reminder" in request.GET)


@staff_may(Permission.CONFIGURE_CAMPAIGNS)
@require_POST
def draft_head(request: StaffRequest, language: str) -> HttpResponse:
    """What stands above the draft's mail, and what is wrong with which text; for campaigns.js."""
    if language not in DEFAULT_WORDING:
        return HttpResponse(status=404)
    editor = CampaignEditor(request.POST, campaign=None, choices={})
    faults = {field.auto_id: error for field, error in editor.faults(language)}
    head = preview_head(editor.draft(), language)
    return JsonResponse({"head": head, "faults": faults})
