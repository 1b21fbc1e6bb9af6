"""The first log-in of an empty installation: an admin's, made in a browser of the same machine."""

from __future__ import annotations

from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.domain.access.roles import Role
from accounts.forms.access.first_login import FirstLoginForm
from accounts.services.access.staff import StaffError, create_staff
from accounts.web.first_login import is_open

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@require_http_methods(["GET", "HEAD", "POST"])
def first_login(request: HttpRequest) -> HttpResponse:
    if not is_open(request):
        raise Http404
    form = FirstLoginForm(request.POST or None)
    if form.is_valid():
        data = form.cleaned_data
        try:
            user = create_staff(
                data["email"], role=Role.ADMIN, name=data["name"], password=data["password"],
                by=None, now=timezone.now(),
            )  # fmt: skip
        except StaffError as error:
            form.add_error("email", str(error))
        except ValidationError as error:
            form.add_error("password", error)
        else:
            login(request, user, backend=BACKEND)
            return redirect("home")
    status = 422 if form.is_bound else 200
    return render(request, "account/first_login.html", {"form": form}, status=status)
