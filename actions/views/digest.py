"""One's weekly digest: whether and when it comes, how it looks, and the link that ends it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.domain.access.roles import Permission
from accounts.views.settings.pages import done, form_page
from accounts.web.access import StaffRequest, staff_may
from actions.forms.digests import DigestForm
from actions.models import DigestWish
from actions.services.digests.weekly import end_wish, read_token, wish_for, write
from surveys.views.campaigns.mails import framed

HERE = "actions:digest"


@staff_may(Permission.VIEW_REPORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def wish(request: StaffRequest) -> HttpResponse:
    known = DigestWish.objects.filter(staff=request.user).first()
    form = DigestForm(request.POST or None, wish=known, zone=settings.TIME_ZONE)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if data["wanted"]:
            when = {"weekday": data["weekday"], "hour": data["hour"]}
            wish_for(request.user, **when, now=timezone.now())
        else:
            end_wish(request.user.pk)
        return done(request, _("Saved."), HERE)
    context = {"form": form, "submit_label": _("Save")}
    invalid = request.method == "POST"
    return form_page(request, "actions/digest/wish.html", context, back="home", invalid=invalid)


@staff_may(Permission.VIEW_REPORTS)
@require_safe
def preview(request: StaffRequest) -> HttpResponse:
    """As it would leave now, of the last seven days."""
    message = write(request.user, timezone.localdate(), now=timezone.now())
    (page, _kind) = message.alternatives[0]
    return framed(HttpResponse(str(page)))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows, POST ends it (RFC 8058, too)."""
    staff = read_token(token)
    if staff is None:
        return render(request, "actions/digest/stop.html", {"unknown": True}, status=404)
    if request.method == "POST":
        end_wish(staff)
        if request.POST.get("List-Unsubscribe") == "One-Click":
            # A mail program asked, and follows no redirect.
            return HttpResponse(_("Saved.") + "\n", content_type="text/plain; charset=utf-8")
        return redirect(request.path)
    wanted = DigestWish.objects.filter(staff=staff).exists()
    return render(request, "actions/digest/stop.html", {"wanted": wanted})
