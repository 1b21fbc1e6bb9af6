from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """What a browser asks for by itself where a page names no icon, as those of Django's admin."""
    return redirect(static("img/favicon.svg"))
