"""One's own views of the list of follow-ups: kept under a name, chosen to open with, deleted."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.domain.access.roles import Permission
from accounts.web.access import StaffRequest, staff_may
from actions.forms.follow_ups.acts import ListFilterForm
from actions.forms.follow_ups.saved_views import SavedViewForm
from actions.models import SavedView
from actions.services.follow_ups.saved_views import (
    TooMany,
    choose_default,
    delete_view,
    save_view,
)

LIST = "actions:follow-up-list"


@staff_may(Permission.FOLLOW_UP)
@require_POST
def save(request: StaffRequest) -> HttpResponse:
    """The filters that the list was shown with."""
    query = ListFilterForm(QueryDict(request.POST.get("query", "")[:2000])).query()
    form = SavedViewForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the view a name of at most 40 characters."))
        return _to(query)
    try:
        view = save_view(query=query, by=request.user, **form.cleaned_data)
    except TooMany:
        messages.error(request, _("You have 20 views: delete one first."))
        return _to(query)
    messages.success(request, _("Saved as “%(name)s”.") % {"name": view.name})
    return _to(query)


@staff_may(Permission.FOLLOW_UP)
@require_POST
def change(request: StaffRequest, pk: int, name: str) -> HttpResponse:
    """Nobody else's."""
    view = get_object_or_404(SavedView, pk=pk)
    if view.staff_id != request.user.pk:
        messages.warning(request, _("This view is somebody else’s."))
        return _to("")
    if name == "delete":
        delete_view(view)
        messages.success(request, _("“%(name)s” is deleted.") % {"name": view.name})
        return redirect(f"{reverse(LIST)}?view=mine")
    choose_default(view, is_default=name == "first")
    messages.success(request, _("Saved."))
    return _to(view.query)


def _to(query: str) -> HttpResponse:
    return redirect(f"{reverse(LIST)}?{query or 'view=mine'}")
