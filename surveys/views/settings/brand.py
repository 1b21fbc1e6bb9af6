"""Logo and colour: chosen by admins, and served to whoever opens an e-mail or a survey."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.domain.access.roles import Permission
from accounts.domain.colours import darker, in_the_dark
from accounts.forms.brand import BrandForm
from accounts.models import Logo
from accounts.services.logo import NoLogo, remove_logo, save_brand
from accounts.services.organisation import organisation
from accounts.views.settings.pages import done
from accounts.web.access import StaffRequest, staff_may

FOR_EVER = "public, max-age=31536000, immutable"


@staff_may(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest) -> HttpResponse:
    row = organisation()
    form = BrandForm(request.POST or None, request.FILES or None, colour=row.colour)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            save_brand(
                colour=chosen["colour"], file=chosen["logo"], by=request.user, now=timezone.now()
            )
        except NoLogo as error:
            form.add_error("logo", str(error))
        else:
            return done(request, _("Saved."), "surveys:brand")
    context = {
        "form": form,
        "logo": Logo.objects.defer("png").filter(pk=row.logo).first(),
        "submit_label": _("Save"),
        "back_url": reverse("surveys:organisation"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "surveys/organisation/brand.html", context, status=status)


@staff_may(Permission.MANAGE_SETTINGS)
@require_POST
def without_logo(request: StaffRequest) -> HttpResponse:
    remove_logo(by=request.user, now=timezone.now())
    return redirect("surveys:brand")


@require_safe
def logo(request: object, digest: str) -> HttpResponse:
    """Its address is of what it shows, so it never changes."""
    found = Logo.objects.filter(pk=digest).first()
    if found is None:
        raise Http404
    headers = {"Cache-Control": FOR_EVER}
    return HttpResponse(bytes(found.png), content_type="image/png", headers=headers)


@require_safe
def colours(request: object, colour: str) -> HttpResponse:
    """The two colours that the pages of a survey take, on light and on dark."""
    light, dark = f"#{colour}", in_the_dark(f"#{colour}")
    css = (
        f":root{{--accent:{light};--accent-strong:{darker(light)};--on-accent:#fff}}"
        f"@media (prefers-color-scheme:dark){{:root{{--accent:{dark};--accent-strong:{dark};"
        "--on-accent:#0d1a28}}"
    )
    headers = {"Cache-Control": FOR_EVER}
    return HttpResponse(css, content_type="text/css", headers=headers)
