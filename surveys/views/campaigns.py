"""The campaign pages: list, one campaign, its editor, and its moves from state to state."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.domain.roles import Permission
from accounts.labels import value_label
from accounts.queries.values import labels_of_segments
from accounts.web.access import StaffRequest, staff_may
from surveys.domain.answers.questions import untranslated
from surveys.domain.eligibility import Reason
from surveys.domain.states import UNFINISHED, CampaignState
from surveys.domain.wording import DEFAULT_WORDING, PLACEHOLDERS
from surveys.forms.campaigns import CampaignEditor, TrialForm
from surveys.labels import REASON_LABELS, STEP_LABELS, untranslated_hints
from surveys.models import Campaign
from surveys.queries.campaigns import listing as queries
from surveys.queries.campaigns.funnel import STEPS, funnel, invitations_at
from surveys.queries.campaigns.planning import Preview
from surveys.sending import preview_head, preview_html, send_trial
from surveys.services.campaigns import plan, states

PER_PAGE = 50
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'"
)


@staff_may(Permission.VIEW_CAMPAIGNS)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    page = Paginator(queries.campaign_list(), PER_PAGE).get_page(request.GET.get("page"))
    may_configure = request.user.may(Permission.CONFIGURE_CAMPAIGNS)
    context = {"campaigns": page, "may_configure": may_configure}
    return render(request, "surveys/campaigns/list.html", context)


@staff_may(Permission.VIEW_CAMPAIGNS)
@require_safe
def detail(request: StaffRequest, slug: str) -> HttpResponse:
    campaign = get_object_or_404(Campaign, slug=slug)
    may_launch = request.user.may(Permission.LAUNCH_CAMPAIGNS)
    context = {
        "campaign": campaign,
        "audience": _audience(campaign),
        "may_launch": may_launch,
        "trial_form": TrialForm(),
        "untranslated": _untranslated(campaign) if campaign.state in UNFINISHED else [],
        **_progress(campaign),
    }
    if request.htmx:
        return render(request, "surveys/campaigns/_progress.html", context)
    return render(request, "surveys/campaigns/detail.html", context | _prospects(campaign))


def _audience(campaign: Campaign) -> list[tuple[str, list[str]]]:
    labels = labels_of_segments()
    return [
        (labels.get(name, name), [value_label(name, each) for each in values])
        for name, values in campaign.audience.items()
    ]


def _untranslated(campaign: Campaign) -> list[str]:
    """Which extra questions somebody will be asked in a language that is not theirs."""
    languages = campaign.languages or DEFAULT_WORDING
    return untranslated_hints(untranslated(campaign.questions, languages=languages))


def _progress(campaign: Campaign) -> dict[str, Any]:
    """The funnel: what the page asks for again every few seconds."""
    found = funnel(campaign)
    steps = [(name, STEP_LABELS[name], found.counts[name]) for name in STEPS]
    return {"funnel": found, "steps": steps}


def _prospects(campaign: Campaign) -> dict[str, Any]:
    """Before the end: who would be asked now and who not, with why. Looks at all respondents."""
    if campaign.state not in UNFINISHED:
        return {}
    preview = plan.preview(campaign, now=timezone.now())
    reasons = [
        (reason, REASON_LABELS[reason], count, preview.first_dates.get(reason))
        for reason, count in preview.reasons.items()
    ]
    nobody = campaign.state == CampaignState.DRAFT and not preview.asked
    return {
        "preview": preview,
        "reasons": reasons,
        "nobody": _why_nobody(preview) if nobody else "",
    }


def _why_nobody(preview: Preview) -> str:
    if not preview.reasons:
        return _("Launching now would send no e-mails: there are no respondents yet.")
    if not preview.audience:
        return _("Launching now would send no e-mails: nobody is in the audience.")
    of_audience = {
        REASON_LABELS[reason]: number
        for reason, number in preview.reasons.items()
        if reason not in (Reason.OUTSIDE_AUDIENCE, Reason.ERASED)
    }
    most = sorted(of_audience.items(), key=lambda each: -each[1])[:3]
    told = " · ".join(f"{label}: {number:,}" for label, number in most)
    return _("Launching now would send no e-mails (%(reasons)s).") % {"reasons": told}


@staff_may(Permission.VIEW_CAMPAIGNS)
@require_safe
def invitations(request: StaffRequest, slug: str) -> HttpResponse:
    campaign = get_object_or_404(Campaign, slug=slug)
    step = request.GET.get("step", "planned")
    if step not in STEPS:
        raise Http404
    page = Paginator(invitations_at(campaign, step=step), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {"campaign": campaign, "page": page, "step": step, "label": STEP_LABELS[step]}
    return render(request, "surveys/campaigns/invitations.html", context)


@staff_may(Permission.VIEW_CAMPAIGNS)
@require_safe
def prospects(request: StaffRequest, slug: str) -> HttpResponse:
    """Whom a number of “who will be asked, and who not” counts."""
    campaign = get_object_or_404(Campaign, slug=slug)
    reason = request.GET.get("reason", Reason.ASKED)
    if reason not in set(Reason) or campaign.state not in UNFINISHED:
        raise Http404
    found = plan.decided_for(campaign, reason=Reason(reason), now=timezone.now())
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = queries.respondents_in_order(list(page))
    label = REASON_LABELS[Reason(reason)]
    context = {"campaign": campaign, "page": page, "rows": rows, "label": label}
    return render(request, "surveys/campaigns/prospects.html", context)


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
        "untranslated": _untranslated(campaign) if campaign else [],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "surveys/campaigns/edit.html", context, status=status)


@staff_may(Permission.CONFIGURE_CAMPAIGNS)
@require_POST
def draft_mail(request: StaffRequest, language: str) -> HttpResponse:
    """The mail of what stands in the editor now, saved or not; it writes nothing."""
    editor = CampaignEditor(request.POST, campaign=None, choices={})
    if faults := editor.faults(language):
        context = {"faults": faults}
        return _framed(render(request, "surveys/campaigns/faults.html", context, status=422))
    return _mail_page(editor.draft(), language, reminder="reminder" in request.GET)


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


@staff_may(Permission.VIEW_CAMPAIGNS)
@require_safe
def mail(request: StaffRequest, slug: str, language: str) -> HttpResponse:
    campaign = get_object_or_404(Campaign, slug=slug)
    return _mail_page(campaign, language, reminder="reminder" in request.GET)


def _mail_page(campaign: Campaign, language: str, *, reminder: bool) -> HttpResponse:
    if language not in DEFAULT_WORDING:
        return HttpResponse(status=404)
    return _framed(HttpResponse(preview_html(campaign, language, reminder=reminder)))


def _framed(response: HttpResponse) -> HttpResponse:
    """A mail carries its styles inline; the page around it does not, and nothing in it runs."""
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


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
