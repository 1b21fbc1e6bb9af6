"""Respondents: what we know of them, and what happened between us."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.domain.access.audit import AuditAction
from accounts.domain.access.roles import Permission
from accounts.labels import value_label
from accounts.models import Dimension, Person, Respondent
from accounts.queries.customers.owners import has_no_accounts
from accounts.queries.exports import exported_respondents
from accounts.services.access.audit import record_event
from accounts.services.segments import current_attributes
from accounts.web import exports
from accounts.web.access import StaffRequest, staff_may
from common.web.paginate import LongPaginator
from surveys.domain.eligibility import Reason
from surveys.domain.states import UNFINISHED
from surveys.forms.people import MergeForm, RespondentFilterForm
from surveys.labels import REASON_LABELS, TIMELINE_LABELS, invitation_reason
from surveys.models import Campaign, Invitation
from surveys.queries.campaigns.explain import explain_ended
from surveys.queries.people import lookup as queries
from surveys.queries.people.timeline import timeline
from surveys.services import slots
from surveys.services.campaigns.plan import explain
from surveys.services.people.erase import erase_person
from surveys.services.people.stop import stop_mailing

PER_PAGE = 50
FILE = exports.Listing(
    name="respondents",
    title=gettext_lazy("Respondents"),
    page="surveys:respondent-list",
    action=AuditAction.RESPONDENTS_EXPORT,
)


@staff_may(Permission.VIEW_PEOPLE)
@require_safe
def respondent_list(request: StaffRequest) -> HttpResponse:
    form = RespondentFilterForm(request.GET)
    wanted, sort = _wanted(form, reader=request.user.email)
    found = queries.respondents(wanted)
    pages = LongPaginator(queries.in_order(found, sort=sort).values_list("pk", flat=True), PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    rows = queries.respondent_rows(list(page))
    no_accounts = not page.paginator.count and has_no_accounts(wanted.owner)
    context = {
        "form": form,
        "page_obj": page,
        "rows": rows,
        "sort": sort,
        "no_accounts": no_accounts,
        "swapped": "#respondent-exports",
    }
    return render(request, "surveys/people/respondents.html", context)


@staff_may(Permission.VIEW_PEOPLE)
@require_safe
def export(request: StaffRequest, file_type: str) -> HttpResponseBase:
    """Exactly what the list shows for the same query string."""
    form = RespondentFilterForm(request.GET)
    exports.understood(form)
    wanted, sort = _wanted(form, reader=request.user.email)
    found = queries.respondents(wanted)

    def rows() -> exports.Rows:
        if exports.reader_of(request) is exports.Reader.KOE:
            return exports.head_and_rows(exported_respondents(found))
        ids = list(queries.in_order(found, sort=sort).values_list("pk", flat=True))
        return queries.WRITTEN, queries.written_rows(ids, stopped=_("no"), mailed=_("yes"))

    return exports.export(request, file_type, rows, of=FILE)


def _wanted(form: RespondentFilterForm, *, reader: str) -> tuple[queries.RespondentFilter, str]:
    form.is_valid()
    data = form.cleaned_data
    wanted = queries.RespondentFilter(
        text=data.get("q", ""),
        customer=data.get("customer", ""),
        language=data.get("language", ""),
        state=data.get("state", ""),
        owner=reader if data.get("mine") else "",
    )
    return wanted, data.get("sort") or "name"


@staff_may(Permission.VIEW_PEOPLE)
@require_safe
def respondent(request: StaffRequest, pk: int) -> HttpResponse:
    row, person = _respondent(pk)
    now = timezone.now()
    record_event(AuditAction.PERSON_OPEN, actor=request.user, now=now, target=f"person {person.pk}")
    invitations = list(queries.invitations_of(ids := queries.family(person)))
    suppressions = list(person.suppressions.order_by("pk"))
    [attributes] = current_attributes([row], day=timezone.localdate())
    context = {
        "respondent": row,
        "person": person,
        "others": _others(row, ids),
        "segments": [
            *_segments(Dimension.Source.RESPONDENT, attributes),
            *_segments(Dimension.Source.CUSTOMER, attributes),
        ],
        "attributes": sorted(row.attributes.items()),
        "suppressions": [each for each in suppressions if each.lifted_at is None],
        "moments": _moments(timeline(invitations, suppressions)),
        "slots": _slots(person, now=now),
        "next_possible": slots.next_possible(person, now=now),
        "now": now,
        **_campaigns(request, row, invitations, person_ids=ids, now=now),
        "may_write": request.user.may(Permission.FOLLOW_UP),
        "may_manage": request.user.may(Permission.MANAGE_PEOPLE),
        "may_lift": request.user.may(Permission.LIFT_SUPPRESSION),
    }
    return render(request, "surveys/people/respondent.html", context)


@staff_may(Permission.MANAGE_PEOPLE)
@require_POST
def stop(request: StaffRequest, pk: int) -> HttpResponse:
    row, person = _respondent(pk)
    stop_mailing(person, by=request.user, now=timezone.now())
    messages.success(request, _("%(name)s will not be e-mailed any more.") % {"name": row})
    return redirect("surveys:respondent-detail", pk)


@staff_may(Permission.MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: StaffRequest, pk: int) -> HttpResponse:
    row, person = _respondent(pk)
    if person.erased_at:
        raise Http404
    if request.method == "POST":
        erase_person(person, by=request.user, now=timezone.now())
        text = _("The person has been erased. Their answers still count, without name and comment.")
        messages.success(request, text)
        return redirect("surveys:respondent-detail", pk)
    others = _others(row, queries.family(person))
    return render(
        request,
        "surveys/people/erase.html",
        {"respondent": row, "person": person, "others": others},
    )


@staff_may(Permission.MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: StaffRequest, pk: int) -> HttpResponse:
    row, person = _respondent(pk)
    if person.erased_at:
        raise Http404
    form = MergeForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        gone = form.cleaned_data["email"]
        slots.merge_persons(person, gone, now=timezone.now(), by=request.user)
        messages.success(request, _("The two are now one person."))
        return redirect("surveys:respondent-detail", pk)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "respondent": row, "submit_label": _("Merge")}
    return render(request, "surveys/people/merge.html", context, status=status)


def _respondent(pk: int) -> tuple[Respondent, Person]:
    rows = Respondent.objects.select_related("customer", "person__merged_into")
    row = get_object_or_404(rows, pk=pk)
    return row, queries.kept_person(row.person)


def _others(row: Respondent, person_ids: list[int]) -> list[Respondent]:
    """The same person at other customers, or under another address."""
    found = Respondent.objects.filter(person__in=person_ids).exclude(pk=row.pk)
    return list(found.select_related("customer"))


def _segments(source: Dimension.Source, attributes: dict[str, Any]) -> list[tuple[str, str]]:
    # The facts of a respondent name role and language already.
    dimensions = Dimension.objects.filter(source=source).exclude(
        source=Dimension.Source.RESPONDENT, name__in=["role", "language"]
    )
    return [_in_segment(each, attributes) for each in dimensions]


def _in_segment(dimension: Dimension, attributes: dict[str, str]) -> tuple[str, str]:
    """The segment and its value, as a reader knows them."""
    value = dimension.definition.value(attributes)
    return str(dimension), value_label(dimension.name, value)


def _moments(moments: list[Any]) -> list[dict[str, Any]]:
    return [
        {
            "moment": each,
            "label": TIMELINE_LABELS[each.kind],
            "detail": invitation_reason(each.reason) or each.detail,
        }
        for each in moments
    ]


def _slots(person: Person, *, now: dt.datetime) -> list[dict[str, Any]]:
    """As many as are allowed; one that was never used has no row."""
    found = {slot.number: slot for slot in queries.slots_of(person)}
    shown = []
    for number in range(settings.SURVEYS_PER_YEAR):
        slot = found.get(number)
        held = slot.held_by if slot else None
        busy_until = slot.free_at if slot and slot.free_at > now else None
        shown.append({"number": number + 1, "held_by": held, "busy_until": busy_until})
    return shown


def _campaigns(
    request: StaffRequest,
    row: Respondent,
    invitations: list[Invitation],
    *,
    person_ids: list[int],
    now: dt.datetime,
) -> dict[str, Any]:
    """For each open campaign, and any other that is asked about, the invitation or why none."""
    invited = {each.campaign_id: each for each in invitations}
    shown = list(queries.open_campaigns())
    others = list(queries.other_campaigns([each.pk for each in shown]))
    slug = request.GET.get("campaign")
    shown += [each for each in others if each.slug == slug]
    decisions = [
        {"campaign": each, "invitation": invited[each.pk]}
        if each.pk in invited
        else {"campaign": each, **_why_not(each, row, person_ids=person_ids, now=now)}
        for each in shown
    ]
    return {"decisions": decisions, "other_campaigns": others}


def _why_not(
    campaign: Campaign, row: Respondent, *, person_ids: list[int], now: dt.datetime
) -> dict[str, Any]:
    if campaign.state in UNFINISHED:
        decision = explain(campaign, row, now=now)
        return {"label": REASON_LABELS[decision.reason], "decision": decision}
    ended = explain_ended(campaign, row, person_ids=person_ids, now=now)
    if ended is None:
        return {"label": _("Not yet known to us when it ended"), "has_ended": True}
    if ended.reason is Reason.ASKED:
        return {"label": _("Nothing known today speaks against it"), "has_ended": True}
    return {"label": REASON_LABELS[ended.reason], "has_ended": True}
