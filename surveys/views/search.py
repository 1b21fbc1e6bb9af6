"""One box for all: customers, people, answers and campaigns, as far as the reader may see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.domain.access.roles import Permission
from accounts.domain.search import excerpt, words_of
from accounts.web.access import StaffRequest, staff_may
from surveys.forms.search import SearchForm
from surveys.models import Response
from surveys.queries import everything
from surveys.queries.everything import Hits

# While somebody types, and on the page.
SUGGESTED, SHOWN = 4, 10
AROUND = 35


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    label: str | Promise
    hits: Hits
    # The list that holds the rest.
    url: str


@staff_may(Permission.VIEW_HOME)
@require_safe
def search(request: StaffRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    groups = _groups(request, text, suggests=bool(request.htmx)) if text else []
    context = {
        "form": form,
        "text": text,
        "groups": [group for group in groups if group.hits.rows],
        "newest": everything.NEWEST,
    }
    template = "surveys/search/_found.html" if request.htmx else "surveys/search/page.html"
    return render(request, template, context)


def _groups(request: StaffRequest, text: str, *, suggests: bool) -> list[Group]:
    may = request.user.may
    part: dict[str, Any] = {"at_most": SUGGESTED if suggests else SHOWN, "count": not suggests}
    groups = []
    if may(Permission.VIEW_PEOPLE):
        today = timezone.localdate()
        customers = everything.find_customers(text, today=today, **part)
        people = everything.find_people(text, **part)
        groups += [
            Group("customers", _("Customers"), customers, _list("customers:list", q=text)),
            Group("people", _("Respondents"), people, _list("surveys:respondent-list", q=text)),
        ]
    if may(Permission.VIEW_CAMPAIGNS):
        campaigns = everything.find_campaigns(text, **part)
        groups.append(Group("campaigns", _("Campaigns"), campaigns, _list("surveys:campaign-list")))
    if may(Permission.VIEW_COMMENTS):
        answers = everything.find_answers(text, **part)
        shown = Hits([_shown(each, text) for each in answers.rows], answers.total)
        address = _list("surveys:response-list", text=text)
        groups.append(Group("answers", _("Responses"), shown, address))
    return groups


def _list(name: str, **query: str) -> str:
    """Of everybody's accounts, as the search is."""
    return f"{reverse(name)}?{urlencode({**query, 'mine': ''})}"


def _shown(response: Response, text: str) -> dict[str, Any]:
    pieces = excerpt(response.comment, words_of(text), around=AROUND)
    return {"response": response, "pieces": pieces}
