"""Settings: the touch table, size by health."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.domain.access.roles import Permission
from accounts.models import Customer
from accounts.views.settings.pages import done
from accounts.web.access import StaffRequest, staff_may
from actions.domain.playbooks.touch import RANKS, Basis
from actions.forms.playbooks.touch import BasisForm, TouchForm, segments
from actions.labels import RANK_LABELS
from actions.models import TouchTable
from actions.queries.playbooks.touch import suggested_limits, touch_table, touches
from actions.services.playbooks.touch import save_table
from analytics.labels import TOUCH_LABELS
from analytics.queries.health.standing import last_scored_day, standings


@staff_may(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def touch(request: StaffRequest) -> HttpResponse:
    today, saved = timezone.localdate(), touch_table()
    chosen = request.POST.get("basis") or request.GET.get("basis") or _basis_of(saved)
    table = saved if saved is not None and chosen == _basis_of(saved) else _new(chosen, today=today)
    form = TouchForm(request.POST or None, table=table, today=today)
    if request.method == "POST" and form.is_valid():
        save_table(form.filled(), by=request.user, now=timezone.now())
        return done(request, _("Saved."), "actions:touch")
    context = {
        "basis_form": BasisForm(chosen=_basis_of(table)),
        "form": form,
        "basis": _basis_of(table),
        "ranks": [RANK_LABELS[rank] for rank in RANKS],
        "is_saved": saved is not None,
        "counts": _counts(today),
    }
    status = 422 if form.errors else 200
    return render(request, "actions/playbooks/touch.html", context, status=status)


def _basis_of(table: TouchTable | None) -> str:
    if table is None:
        return Basis.MRR
    return f"{Basis.SEGMENT}:{table.dimension_id}" if table.dimension_id else table.basis


def _new(chosen: str, *, today: dt.date) -> TouchTable:
    """What has no meaning is read as MRR."""
    known = {f"{Basis.SEGMENT}:{each.pk}": each for each in segments()}
    if chosen in known:
        return TouchTable(basis=Basis.SEGMENT, dimension=known[chosen])
    basis = Basis.SEATS if chosen == Basis.SEATS else Basis.MRR
    limits = suggested_limits(basis, today=today)
    if limits is None:
        return TouchTable(basis=basis)
    return TouchTable(basis=basis, medium_from=limits[0], large_from=limits[1])


def _counts(today: dt.date) -> list[tuple[str, int]]:
    """How many customers have which touch as it is now."""
    active = list(Customer.objects.active_on(today).values_list("pk", flat=True))
    health = standings(active, day=last_scored_day(until=today), today=today)
    found = Counter(touches(health, today=today).values())
    known = [(str(label), found[touch]) for touch, label in TOUCH_LABELS.items()]
    return [*known, (_("not known"), len(active) - sum(found.values()))]
