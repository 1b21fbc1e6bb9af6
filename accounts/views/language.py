"""The language of the pages: Django's own choice, kept for whoever has logged in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.views.i18n import set_language

from accounts.models import StaffUser


def choose(request: HttpRequest) -> HttpResponseBase:
    """E-mails to this member of staff, and other machines, follow the choice."""
    wanted = request.POST.get("language", "")
    if request.user.is_authenticated and wanted in dict(settings.LANGUAGES):
        StaffUser.objects.filter(pk=request.user.pk).update(language=wanted)
    return set_language(request)
