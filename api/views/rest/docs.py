"""The page about the API, made of its description: nothing of it comes from elsewhere."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from api.domain.problems import STATUS, Code
from api.views.rest.app import api
from api.web.rest.openapi import WORDS, described
from api.web.rest.pages import parts_of


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """For everybody, as the description is: whoever writes a program need not be staff."""
    context = {
        "parts": [(_heading(each.name), each) for each in parts_of(described(api))],
        "problems": [(code, STATUS[code], _(WORDS[code])) for code in Code],
        "base": request.build_absolute_uri("/api/v1/"),
    }
    return render(request, "api/rest/docs.html", context)


def _heading(name: str) -> str:
    return {
        "customers": _("Customers and respondents"),
        "facts": _("Revenue, usage, events"),
        "campaigns": _("Campaigns and invitations"),
        "responses": _("Responses"),
        "follow-ups": _("Follow-ups"),
        "reports": _("Metrics and reports"),
        "exports": _("Exports"),
    }.get(name, name)
