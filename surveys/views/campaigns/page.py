"""The campaigns, one campaign, and lists of whom its numbers count."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.domain.access.roles import Permission
from accounts.labels import value_label
from accounts.queries.values import labels_of_segments
from accounts.web.access import StaffRequest, staff_may
from common.web.paginate import LongPaginator
from surveys.domain.answers.questions import untranslated
from surveys.domain.campaigns.approval import Second
from surveys.domain.eligibility import Reason
from surveys.domain.reasons import BY_SUPPRESSION
from surveys.domain.states import OVER, UNFINISHED, CampaignState
from surveys.domain.wording import DEFAULT_WORDING
from surveys.forms.steps.audience import said_of_ranges
from surveys.forms.steps.campaigns import HOLIDAYS, WEEKDAYS, CampaignFilterForm, TrialForm
from surveys.forms.steps.repeat import rule_of
from surveys.labels import REASON_LABELS, STEP_LABELS, untranslated_hints
from surveys.models import Campaign
from surveys.queries.answers.by_campaign import with_counts
from surveys.queries.campaigns import listing as queries
from surveys.queries.campaigns.funnel import (
    STATES,
    STEPS,
    funnel,
    invitations_at,
)
from surveys.queries.campaigns.planning import Preview
from surveys.queries.campaigns.running import (
    last_mail_at,
    next_mail_at,
    next_mails_of,
    resumption,
)
from surveys.queries.obstacles import sending_status
from surveys.sending import to_remind
from surveys.services.campaigns import approval, plan
from surveys.views.campaigns.mails import sender_seen
from surveys.views.sending import sending_context

PER_PAGE = 50
# Whom somebody, they themselves or their mail server, keeps from all e-mails.
STOPPED = {Reason(each) for each in BY_SUPPRESSION.values()}


@staff_may(Permission.VIEW_CAMPAIGNS)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    form = CampaignFilterForm(request.GET)
    form.is_valid()
    data = form.cleaned_data
    sort = data.get("sort", "")
    found = queries.campaigns_found(text=data.get("q", ""), state=data.get("state", ""), sort=sort)
    page = LongPaginator(found, PER_PAGE).get_page(request.GET.get("page"))
    may_configure = request.user.may(Permission.CONFIGURE_CAMPAIGNS)
    rows = list(page) if isinstance(found, list) else with_counts(page)
    next_mails = next_mails_of(rows)
    context = {
        "form": form,
        "page_obj": page,
        "rows": [(each, next_mails.get(each.pk)) for each in rows],
        "now": timezone.now(),
        "sort": sort,
        "may_configure": may_configure,
    }
    return render(request, "surveys/campaigns/list.html", context)


@staff_may(Permission.VIEW_CAMPAIGNS)
@require_safe
def detail(request: StaffRequest, slug: str) -> HttpResponse:
    campaign = get_object_or_404(Campaign, slug=slug)
    may_launch = request.user.may(Permission.LAUNCH_CAMPAIGNS)
    context = {"campaign": campaign, "may_launch": may_launch, **_progress(campaign)}
    if campaign.state == CampaignState.RUNNING:
        context |= sending_context(request, sending_status(now=timezone.now()))
    if request.htmx:
        return render(request, "surveys/campaigns/_progress.html", context)
    context |= {
        "audience": _audience(campaign),
        "trial_form": TrialForm(),
        "untranslated": untranslated_of(campaign) if campaign.state in UNFINISHED else [],
        "next_at": next_mail_at(campaign),
        "last_at": last_mail_at(campaign) if campaign.state == CampaignState.RUNNING else None,
        "is_unfinished": campaign.state in UNFINISHED,
        "rule": rule_of(campaign),
        "sender": None if campaign.is_without_mail else sender_seen(campaign),
        "is_over": campaign.state in OVER,
        "may_configure": request.user.may(Permission.CONFIGURE_CAMPAIGNS),
        "weekdays": [str(label) for day, label in WEEKDAYS if day in campaign.weekdays],
        "holidays": dict(HOLIDAYS).get(campaign.holidays_of, campaign.holidays_of),
        **(_once_resumed(campaign) if campaign.state == CampaignState.PAUSED else {}),
        # A draft is there to be checked. Elsewhere nobody is looked through before that is asked.
        **(prospects_of(campaign) if campaign.state == CampaignState.DRAFT else {}),
    }
    context["second"] = _second(request, campaign, preview=context.get("preview"))
    return render(request, "surveys/campaigns/detail.html", context)


def _second(request: StaffRequest, campaign: Campaign, *, preview: Preview | None) -> Second:
    """Of a launch by two. Of a paused one nobody is looked through before that is asked."""
    if campaign.state not in approval.ASKABLE:
        return Second.NOT_NEEDED
    people = preview.audience if preview else None
    return approval.second_of(campaign, people=people, by=request.user)


def _once_resumed(campaign: Campaign) -> dict[str, Any]:
    """What leaves by itself then, so that nobody presses the button without knowing."""
    now = timezone.now()
    due = 0 if campaign.reminder_after_days is None else to_remind(campaign, now=now).count()
    found = resumption(campaign, now=now)
    return {"resumed": found, "reminders": found.reminders + due}


@staff_may(Permission.VIEW_CAMPAIGNS)
@require_safe
def who(request: StaffRequest, slug: str) -> HttpResponse:
    campaign = get_object_or_404(Campaign, slug=slug, state__in=UNFINISHED)
    name = "_who" if request.htmx else "who"
    context = {"campaign": campaign, **prospects_of(campaign)}
    return render(request, f"surveys/campaigns/{name}.html", context)


def _audience(campaign: Campaign) -> list[tuple[str, list[str]]]:
    labels = labels_of_segments()
    chosen = [
        (labels.get(name, name), [value_label(name, each) for each in values])
        for name, values in campaign.audience.items()
    ]
    return [*chosen, *((label, [words]) for label, words in said_of_ranges(campaign.ranges))]


def untranslated_of(campaign: Campaign) -> list[str]:
    """Which extra questions somebody will be asked in a language that is not theirs."""
    languages = campaign.languages or DEFAULT_WORDING
    return untranslated_hints(untranslated(campaign.questions, languages=languages))


def _progress(campaign: Campaign) -> dict[str, Any]:
    """The funnel: what the page asks for again every few seconds."""
    found = funnel(campaign)
    steps = [
        (name, STEP_LABELS[name], found.counts[name], name in STATES)
        for name in STEPS
        if found.counts[name] and name != "planned"
    ]
    # What became of all that were planned, in one line: the end states and those before them.
    parts = [f"{label} {number:,}" for _name, label, number, is_state in steps if is_state]
    return {
        "funnel": found,
        "states": [step for step in steps if step[3]],
        "further": [step for step in steps if not step[3]],
        "balance": " + ".join(parts) if found.balances and len(parts) > 1 else "",
    }


def prospects_of(campaign: Campaign) -> dict[str, Any]:
    """Who would be asked now and who not, with why; looks at all respondents."""
    preview = plan.preview(campaign, now=timezone.now())
    reasons = [
        (reason, REASON_LABELS[reason], count, preview.first_dates.get(reason))
        for reason, count in preview.reasons.items()
    ]
    # The days of others come by themselves.
    somebody = preview.asked or preview.reasons.get(Reason.NOT_DUE)
    nobody = campaign.state == CampaignState.DRAFT and not somebody
    return {
        "preview": preview,
        "reasons": reasons,
        "later": preview.reasons.get(Reason.NOT_DUE, 0),
        "later_from": preview.first_dates.get(Reason.NOT_DUE),
        "in_it": preview.reasons.get(Reason.ALREADY_INVITED, 0),
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
    page = LongPaginator(invitations_at(campaign, step=step), PER_PAGE).get_page(
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
    page = LongPaginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = queries.respondents_in_order(list(page))
    label = REASON_LABELS[Reason(reason)]
    stopped = queries.stopped_by(row.person_id for row, _ in rows) if reason in STOPPED else {}
    context = {
        "campaign": campaign,
        "page": page,
        "rows": [(row, possible, stopped.get(row.person_id, [])) for row, possible in rows],
        "label": label,
        "tells_by_whom": reason in STOPPED,
    }
    return render(request, "surveys/campaigns/prospects.html", context)
