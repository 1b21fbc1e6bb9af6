"""The guard of views: each asks for a permission, which a role has or has not."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from accounts.domain.access.roles import Permission
from accounts.models import StaffUser

View = Callable[..., HttpResponseBase]


class StaffRequest(HttpRequest):
    """What a view behind `staff_may` gets: somebody who has logged in."""

    user: StaffUser
    htmx: bool


def staff_may(permission: Permission) -> Callable[[View], View]:
    """Lets staff with the permission in; others are asked to log in or refused with 403."""

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.may(permission):  # type: ignore[union-attr]
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


@login_required
def admin_login(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Django's admin has no log-in of its own: a second one would skip limits and second step."""
    if not request.user.is_staff:
        raise PermissionDenied
    return redirect("admin:index")


def closed(request: HttpRequest, **_: Any) -> HttpResponse:
    """A page of a library that we do not offer."""
    raise Http404
