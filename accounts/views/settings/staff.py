"""Staff users: list, new one, role and closing of one."""

from __future__ import annotations

import logging
import smtplib

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.domain.access.roles import PERMISSIONS, Permission, Role
from accounts.forms.access.staff import StaffChangeForm, StaffCreateForm
from accounts.labels import PERMISSION_LABELS, ROLE_LABELS
from accounts.models import StaffMail, StaffUser
from accounts.services.access import sign_on, staff
from accounts.services.access.log_in_mails import tell_changed
from accounts.views.settings.pages import done, form_page, page_of
from accounts.web.access import StaffRequest, staff_may

logger = logging.getLogger(__name__)


@staff_may(Permission.MANAGE_STAFF)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    rows = StaffUser.objects.order_by("-is_active", "email")
    table = [
        (PERMISSION_LABELS[permission], [role in roles for role in Role])
        for permission, roles in PERMISSIONS.items()
    ]
    context = {
        "page_obj": page_of(request, rows),
        "table": table,
        "roles": [ROLE_LABELS[role] for role in Role],
    }
    return render(request, "accounts/staff/list.html", context)


@staff_may(Permission.MANAGE_STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: StaffRequest) -> HttpResponse:
    form = StaffCreateForm(request.POST or None, initial={"role": Role.CS})
    if request.method == "POST" and form.is_valid():
        user = _created(request, form)
        if user:
            _send_welcome(request, user)
            text = _("The account for %(email)s was created.") % {"email": user.email}
            return done(request, text, "accounts:staff-list")
    context = {"form": form, "submit_label": _("Create account")}
    return form_page(
        request,
        "accounts/staff/create.html",
        context,
        back="accounts:staff-list",
        invalid=request.method == "POST",
    )


def _created(request: StaffRequest, form: StaffCreateForm) -> StaffUser | None:
    data = form.cleaned_data
    try:
        return staff.create_staff(
            data["email"],
            role=Role(data["role"]),
            name=data["name"],
            by=request.user,
            now=timezone.now(),
        )
    except staff.StaffError as error:
        form.add_error("email", str(error))
        return None


@staff_may(Permission.MANAGE_STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(StaffUser, pk=pk)
    initial = {"name": user.name, "role": user.role, "is_active": user.is_active}
    form = StaffChangeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _changed(request, user, form):
        return done(request, _("Saved."), "accounts:staff-list")
    context = {
        "form": form,
        "member": user,
        "is_linked": sign_on.is_linked(user),
        "has_second_step": user != request.user and is_mfa_enabled(user),
        "submit_label": _("Save"),
    }
    return form_page(
        request,
        "accounts/staff/edit.html",
        context,
        back="accounts:staff-list",
        invalid=request.method == "POST",
    )


def _changed(request: StaffRequest, user: StaffUser, form: StaffChangeForm) -> bool:
    data = form.cleaned_data
    try:
        staff.change_staff(
            user,
            name=data["name"],
            role=Role(data["role"]),
            is_active=data["is_active"],
            by=request.user,
            now=timezone.now(),
        )
    except staff.StaffError as error:
        form.add_error(None, str(error))
        return False
    return True


@staff_may(Permission.MANAGE_STAFF)
@require_POST
def invite(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Once more the mail with the link to choose a password."""
    user = get_object_or_404(StaffUser, pk=pk, is_active=True)
    _send_welcome(request, user)
    return redirect("accounts:staff-edit", pk)


@staff_may(Permission.MANAGE_STAFF)
@require_POST
def remove_second_step(request: StaffRequest, pk: int) -> HttpResponseBase:
    """For somebody else's lost phone. One's own is taken away with a code, under Security."""
    user = get_object_or_404(StaffUser.objects.exclude(pk=request.user.pk), pk=pk)
    now = timezone.now()
    if staff.remove_second_step(user, by=request.user, now=now):
        tell_changed(user, StaffMail.Kind.STEPS_REMOVED, now=now)
    messages.success(
        request, _("%(email)s now logs in with the password alone.") % {"email": user.email}
    )
    return redirect("accounts:staff-edit", pk)


@staff_may(Permission.MANAGE_STAFF)
@require_POST
def remove_sign_on(request: StaffRequest, pk: int) -> HttpResponseBase:
    """For an address that somebody else got."""
    user = get_object_or_404(StaffUser, pk=pk)
    if sign_on.unlink(user, by=request.user, now=timezone.now()):
        messages.success(request, _("The link to the sign-on was removed."))
    return redirect("accounts:staff-edit", pk)


def _send_welcome(request: StaffRequest, user: StaffUser) -> None:
    try:
        staff.send_welcome(user, by=request.user)
    except (OSError, smtplib.SMTPException):
        logger.exception("the welcome mail to staff user %s could not be sent", user.pk)
        text = _("The e-mail to %(email)s could not be sent. Send it again from their page.")
        messages.warning(request, text % {"email": user.email})
    else:
        text = _("An e-mail with a link to choose a password is on its way to %(email)s.")
        messages.info(request, text % {"email": user.email})
