"""The campaign editor, and what it shows while one writes."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.domain.access.roles import Permission
from accounts.web.access import StaffRequest, staff_may
from surveys.domain.campaigns.templates import TEMPLATES
from surveys.domain.states import CampaignState
from surveys.domain.wording import DEFAULT_WORDING, PLACEHOLDERS
from surveys.forms.steps.editor import STEPS, CampaignEditor
from surveys.labels import TEMPLATE_LABELS
from surveys.models import Campaign, CampaignTemplate
from surveys.queries.campaigns import listing as queries
from surveys.queries.campaigns.templates import OWN, template_fields
from surveys.queries.campaigns.year import year_ahead
from surveys.sending import preview_head
from surveys.services.campaigns import states
from surveys.views.campaigns.mails import framed, mail_page, sender_seen
from surveys.views.campaigns.moves import test_to_reader
from surveys.views.campaigns.page import prospects_of, untranslated_of

# What it is called, and the button that leads to it.
STEP_WORDS = {
    "whom": (pgettext_lazy("step", "Whom"), ""),
    "what": (pgettext_lazy("step", "What"), gettext_lazy("Next: What")),
    "when": (pgettext_lazy("step", "When"), gettext_lazy("Next: When")),
    "check": (pgettext_lazy("step", "Check"), gettext_lazy("Next: Check")),
}


@staff_may(Permission.CONFIGURE_CAMPAIGNS)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: StaffRequest) -> HttpResponse:
    if request.method == "POST" and "template" in request.POST:
        # What it is called so far goes along.
        begun = {"template": request.POST["template"], "name": request.POST.get("name", "")}
        return redirect(f"{request.path}?{urlencode(begun)}")
    editor = _editor(request, None)
    if _is_saved(request) and editor.is_valid():
        campaign = states.create_campaign(by=request.user, now=timezone.now(), **editor.fields())
        messages.success(request, _("The draft is saved. Nothing is sent until you launch it."))
        _test_if_wanted(request, campaign)
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
    if _is_saved(request) and editor.is_valid():
        try:
            states.update_campaign(campaign, by=request.user, now=timezone.now(), **editor.fields())
        except states.CampaignError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Saved."))
            _test_if_wanted(request, campaign)
        return redirect("surveys:campaign-detail", slug)
    return _edit_page(request, editor, campaign)


def _test_if_wanted(request: StaffRequest, campaign: Campaign) -> None:
    """The button of the last step saves first: a test is of what will be sent."""
    if "test" in request.POST:
        campaign.refresh_from_db()
        test_to_reader(request, campaign, language=get_language() or settings.LANGUAGE_CODE)


def _is_saved(request: StaffRequest) -> bool:
    """Else it is a step to another part of the editor, which takes along what is written."""
    return request.method == "POST" and "go" not in request.POST


def _not_editable(campaign: Campaign) -> str:
    if campaign.state == CampaignState.RUNNING:
        return _("Pause the campaign before you change it.")
    return _("This campaign is over. You can view it, but no longer change it.")


def _editor(request: StaffRequest, campaign: Campaign | None) -> CampaignEditor:
    data = request.POST if request.method == "POST" else None
    template = None if campaign else _begun_as(request)
    return CampaignEditor(
        data, campaign=campaign, choices=queries.audience_choices(), template=template
    )


def _begun_as(request: StaffRequest) -> dict[str, Any]:
    begun = dict(template_fields(request.GET.get("template", "")) or {})
    if name := request.GET.get("name", ""):
        begun["name"] = name[:120]
    return begun


def _edit_page(
    request: StaffRequest, editor: CampaignEditor, campaign: Campaign | None
) -> HttpResponse:
    at, wanted = request.POST.get("at", ""), request.POST.get("go", "")
    # Without a script every step is a page of its own, which counts what the script counts.
    counted = _figures(editor, campaign) if wanted else {}
    step = editor.step(at=at, wanted=wanted)
    is_refused = request.method == "POST" and step != wanted
    context = {
        "editor": editor,
        "campaign": campaign,
        "placeholders": sorted(PLACEHOLDERS),
        "untranslated": untranslated_of(campaign) if campaign else [],
        "step": step,
        "steps": [(each, *STEP_WORDS[each]) for each in STEPS],
        "next_step": next(iter(STEPS[STEPS.index(step) + 1 :]), ""),
        "is_refused": is_refused,
        "counted": bool(counted),
        **({} if campaign else _templates(request)),
        **counted,
    }
    status = 422 if is_refused else 200
    return render(request, "surveys/campaigns/edit.html", context, status=status)


def _templates(request: StaffRequest) -> dict[str, Any]:
    return {
        "templates": [(key, *TEMPLATE_LABELS[key]) for key in TEMPLATES],
        "own_templates": [(f"{OWN}{each.pk}", each) for each in CampaignTemplate.objects.all()],
        "template": request.GET.get("template", ""),
    }


def _figures(editor: CampaignEditor, campaign: Campaign | None) -> dict[str, Any]:
    """Who would be asked as the editor stands now, and what a year of it would bring."""
    asking = editor.asking()
    context: dict[str, Any] = {"campaign": campaign, "preview": None, "year": None}
    context["sender"] = sender_seen(editor.draft())
    if asking is not None:
        context |= prospects_of(asking)
        if asking.goes_on:
            context["year"] = year_ahead(now=timezone.now(), beside=asking)
    return context


@staff_may(Permission.CONFIGURE_CAMPAIGNS)
@require_POST
def draft_who(request: StaffRequest, slug: str = "") -> HttpResponse:
    """Who would be asked as the editor stands now, saved or not; it writes nothing."""
    campaign = get_object_or_404(Campaign, slug=slug, state__in=states.EDITABLE) if slug else None
    editor = _editor(request, campaign)
    asking = editor.asking()
    context = {"campaign": campaign, "preview": None, "sender": sender_seen(editor.draft())}
    if asking is not None:
        context |= prospects_of(asking)
    return render(request, "surveys/campaigns/_draft_who.html", context)


@staff_may(Permission.CONFIGURE_CAMPAIGNS)
@require_POST
def draft_year(request: StaffRequest, slug: str = "") -> HttpResponse:
    """The next twelve months with the campaign as the editor stands now; it writes nothing."""
    campaign = get_object_or_404(Campaign, slug=slug, state__in=states.EDITABLE) if slug else None
    asking = _editor(request, campaign).asking()
    goes_on = asking is not None and asking.goes_on
    year = year_ahead(now=timezone.now(), beside=asking) if goes_on else None
    return render(request, "surveys/campaigns/_draft_year.html", {"year": year})


@staff_may(Permission.CONFIGURE_CAMPAIGNS)
@require_POST
def draft_mail(request: StaffRequest, language: str) -> HttpResponse:
    """The mail of what stands in the editor now, saved or not; it writes nothing."""
    editor = CampaignEditor(request.POST, campaign=None, choices={})
    if faults := editor.faults(language):
        context = {"faults": faults}
        return framed(render(request, "surveys/campaigns/faults.html", context, status=422))
    return mail_page(editor.draft(), language, wanted=request.GET)


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
