"""The page that an alert's link opens, without log-in. GET changes nothing: scanners open it."""

from __future__ import annotations

from contextlib import suppress
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.domain.access.roles import Permission
from accounts.models import StaffUser
from actions.domain.follow_ups.states import State, may_become
from actions.models import FollowUp
from actions.queries.follow_ups.links import Link, read_token
from actions.queries.follow_ups.listing import rows_of
from actions.services.follow_ups import work
from actions.services.follow_ups.work import Act, NotAllowed, Stale


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """It shows what the e-mail said, as it is now, and lets its reader begin; no more."""
    known = read_token(token)
    found = _found(known)
    if found is None:
        return render(request, "actions/follow_ups/link_ended.html", status=404)
    if request.method == "POST":
        _start(found)
        return redirect(request.path)
    context = {
        "follow_up": found,
        "row": rows_of([found], now=timezone.now())[0],
        "may_start": found.state != State.CLOSED and may_become(found.state, State.WORKING),
    }
    return render(request, "actions/follow_ups/link.html", context)


def _found(known: Link | None) -> FollowUp | None:
    """Only while it is with the one it was sent to, and they may still follow up."""
    if known is None:
        return None
    rows = FollowUp.objects.select_related("customer", "respondent", "owner")
    found = rows.filter(pk=known.follow_up, owner=known.staff).first()
    return found if found and found.owner and found.owner.may(Permission.FOLLOW_UP) else None


def _start(found: FollowUp) -> None:
    with suppress(NotAllowed, Stale):  # Else the page shows what has happened instead.
        work.start(Act(found, found.version, cast(StaffUser, found.owner), timezone.now()))
