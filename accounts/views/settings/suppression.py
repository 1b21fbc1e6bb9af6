"""Who is not mailed and why; an admin may lift it with a note."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.domain.access.roles import Permission
from accounts.forms.access.staff import LiftForm, SuppressionFilterForm
from accounts.models import Respondent, Suppression
from accounts.services.suppression import lift
from accounts.views.settings.pages import done, form_page, page_of
from accounts.web.access import StaffRequest, staff_may


@staff_may(Permission.VIEW_PEOPLE)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    form = SuppressionFilterForm(request.GET or None)
    context = {
        "form": form,
        "page_obj": page_of(request, _found(form)),
        "may_lift": request.user.may(Permission.LIFT_SUPPRESSION),
    }
    return render(request, "accounts/suppression/list.html", context)


def _found(form: SuppressionFilterForm) -> QuerySet[Suppression]:
    rows = _with_respondents().order_by("-created_at", "-pk")
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    if not wanted.get("lifted"):
        rows = rows.filter(lifted_at__isnull=True)
    if wanted.get("reason"):
        rows = rows.filter(reason=wanted["reason"])
    for word in wanted.get("q", "").split():
        named = Q(name__icontains=word) | Q(email__icontains=word)
        rows = rows.filter(Exists(Respondent.objects.filter(named, person=OuterRef("person"))))
    return rows


def _with_respondents() -> QuerySet[Suppression]:
    respondents = Respondent.objects.select_related("customer")
    return (
        Suppression.objects.first_hand()
        .select_related("person", "lifted_by")
        .prefetch_related(Prefetch("person__respondents", queryset=respondents))
    )


@staff_may(Permission.LIFT_SUPPRESSION)
@require_http_methods(["GET", "HEAD", "POST"])
def lift_one(request: StaffRequest, pk: int) -> HttpResponse:
    suppression = get_object_or_404(_with_respondents().filter(lifted_at__isnull=True), pk=pk)
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        note = form.cleaned_data["note"]
        lift(suppression, by=request.user, note=note, now=timezone.now())
        text = _("Lifted. Running campaigns may ask this person again.")
        return done(request, text, "accounts:suppression-list")
    context = {"form": form, "suppression": suppression, "submit_label": _("Lift the suppression")}
    return form_page(
        request,
        "accounts/suppression/lift.html",
        context,
        back="accounts:suppression-list",
        invalid=request.method == "POST",
    )
