"""Asking the people of one customer now: first who, when, and who not and why; then the press."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.domain.access.roles import Permission
from accounts.models import Customer, Respondent
from accounts.web.access import StaffRequest, staff_may
from actions.models import RunStep
from actions.services.follow_ups.work import NotAllowed, Stale
from actions.services.playbooks.asking import ask_for_step
from actions.services.playbooks.runs import RunAct
from common.web.ids import id_in
from surveys.domain.timing import TimingError
from surveys.labels import REASON_LABELS
from surveys.models import Campaign
from surveys.queries.calendar.clock import database_now
from surveys.queries.campaigns.asking import asking, may_ask
from surveys.queries.campaigns.planning import Decided
from surveys.services.campaigns.ask import NotAsking, ask_customer


@staff_may(Permission.LAUNCH_CAMPAIGNS)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: StaffRequest, pk: int) -> HttpResponse:
    customer, step = get_object_or_404(Customer, pk=pk), _step(request, pk)
    campaigns = list(may_ask(now=database_now()))
    chosen = _chosen(request, campaigns, step)
    if request.method == "POST":
        return _press(request, customer, step, chosen)
    context = {
        "customer": customer,
        "step": step,
        "campaigns": campaigns,
        "chosen": chosen,
        **_what_will_happen(chosen, customer),
    }
    return render(request, "actions/asking/ask.html", context)


def _step(request: StaffRequest, customer: int) -> RunStep | None:
    """Of a playbook's run at this customer, with its campaign."""
    asked = request.POST.get("step") or request.GET.get("step")
    if not asked:
        return None
    rows = RunStep.objects.filter(run__customer=customer, campaign__isnull=False)
    return get_object_or_404(rows.select_related("run__customer", "campaign"), pk=id_in(asked))


def _chosen(
    request: StaffRequest, campaigns: list[Campaign], step: RunStep | None
) -> Campaign | None:
    """That of the step, or that which is asked for; the only one there is needs no choice."""
    slug = request.POST.get("campaign") or request.GET.get("campaign")
    if step is not None and step.campaign is not None:
        slug = step.campaign.slug
    if slug:
        return next((each for each in campaigns if each.slug == slug), None)
    return campaigns[0] if len(campaigns) == 1 else None


def _what_will_happen(campaign: Campaign | None, customer: Customer) -> dict[str, Any]:
    if campaign is None:
        return {}
    try:
        decided = asking(campaign, customer, now=database_now())
    except TimingError:
        return {"never_open": True}
    named = Respondent.objects.in_bulk([each.facts.respondent_id for each in decided])
    rows = [(named[each.facts.respondent_id], each) for each in decided]
    moments = [each.send_at for each in decided if each.send_at is not None]
    return {
        "asked": [(who, each.send_at) for who, each in rows if each.send_at is not None],
        "left_out": [
            (who, REASON_LABELS[each.decision.reason], each.decision.next_possible)
            for who, each in rows if each.send_at is None
        ],
        "first": min(moments, default=None),
    }  # fmt: skip


def _press(
    request: StaffRequest, customer: Customer, step: RunStep | None, campaign: Campaign | None
) -> HttpResponse:
    if campaign is None:
        messages.error(request, _("This campaign is not running: nobody was asked."))
        return _back(customer, step)
    now = database_now()
    try:
        if step is None:
            decided = ask_customer(campaign, customer, by=request.user, now=now)
        else:
            decided = ask_for_step(RunAct(step.run, request.user, now), step, now=now)
    except NotAllowed as error:
        raise PermissionDenied from error
    except Stale:
        messages.error(request, _("This step was settled meanwhile: nobody was asked by it."))
    except (NotAsking, TimingError):
        messages.error(request, _("This campaign is not running: nobody was asked."))
    else:
        _tell(request, decided)
    return _back(customer, step)


def _tell(request: StaffRequest, decided: list[Decided]) -> None:
    asked = sum(each.send_at is not None for each in decided)
    if asked:
        text = ngettext(
            "%(number)s person is asked now; their e-mail leaves at its time.",
            "%(number)s people are asked now; each e-mail leaves at its time.",
            asked,
        )
        messages.success(request, text % {"number": asked})
    else:
        messages.warning(request, _("Nobody could be asked now."))


def _back(customer: Customer, step: RunStep | None) -> HttpResponse:
    if step is not None:
        return redirect("actions:playbook-run", step.run_id)
    return redirect("customers:detail", customer.pk)
