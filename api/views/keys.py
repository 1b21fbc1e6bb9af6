"""API keys: the list, a new one that is shown once, and the end of one."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.domain.access.roles import Permission, Role
from accounts.views.settings.pages import done, form_page, page_of
from accounts.web.access import StaffRequest, staff_may
from api.forms.keys import ApiKeyForm
from api.models import ApiKey, Subscription
from api.models.keys import ended
from api.services.keys import DEFAULT_PROJECT, create_key, revoke_key

HERE = "api:key-list"


@staff_may(Permission.MANAGE_SETTINGS)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    signs = Exists(Subscription.objects.filter(key=OuterRef("pk")))
    rows = ApiKey.objects.annotate(ended=ended(timezone.now()), signs=signs)
    rows = rows.select_related("project")
    page = page_of(request, rows.order_by("ended", "-pk"))
    return render(request, "api/keys/list.html", {"page_obj": page})


@staff_may(Permission.MANAGE_SETTINGS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: StaffRequest) -> HttpResponse:
    initial = {"role": Role.CS, "project": DEFAULT_PROJECT}
    form = ApiKeyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        key, text = create_key(
            data["name"],
            role=data["role"],
            project=data["project"],
            rate=data["rate"],
            expires_at=data["expires_on"],
            by=request.user,
            now=timezone.now(),
        )
        context = {"key": key, "text": text, "url": request.build_absolute_uri("/v1/")}
        return render(request, "api/keys/secret.html", context)
    context = {"form": form, "submit_label": _("Create key")}
    return form_page(
        request, "api/keys/create.html", context, back=HERE, invalid=request.method == "POST"
    )


@staff_may(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: StaffRequest, pk: int) -> HttpResponse:
    key = get_object_or_404(ApiKey, pk=pk)
    if request.method == "POST":
        revoke_key(key, by=request.user, now=timezone.now())
        return done(request, _("The key is revoked."), HERE)
    text = _("Revoke the key %(name)s? What uses it is refused from now on.")
    context = {
        "key": key,
        "text": text % {"name": key.name},
        "action": reverse("api:key-revoke", args=[pk]),
        "button": _("Revoke"),
        "back_url": reverse(HERE),
    }
    return render(request, "api/keys/revoke.html", context)
