"""The responses: everything people said, newest first, with what was asked of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.domain.access.audit import AuditAction
from accounts.domain.access.roles import Permission
from accounts.labels import value_label
from accounts.queries.customers.owners import has_no_accounts
from accounts.queries.values import labels_of_segments
from accounts.web import exports
from accounts.web.access import StaffRequest, staff_may
from common.templatetags import shapes
from common.web.paginate import LongPaginator
from surveys.domain.answers.questions import answers_in_words, questions_in
from surveys.forms.responses import FollowUpForm, ResponseFilterForm
from surveys.labels import CATEGORY_LABELS
from surveys.models import Response
from surveys.queries.answers import responses as queries
from surveys.queries.answers.export import export_table, exported_responses

PER_PAGE = 50
FILE = exports.Listing(
    name="responses",
    title=gettext_lazy("Responses"),
    page="surveys:response-list",
    action=AuditAction.RESPONSES_EXPORT,
)


@staff_may(Permission.VIEW_COMMENTS)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    form = ResponseFilterForm(request.GET or None)
    may = request.user.may
    # Whoever sees no address must not find out one by searching for its letters.
    wanted = replace(form.wanted(reader=request.user.email), by_address=may(Permission.VIEW_PEOPLE))
    page = _pages(wanted).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "set_aside": 0 if wanted.suspect else queries.set_aside(wanted),
        "shows_set_aside": wanted.suspect,
        "no_accounts": not page.paginator.count and has_no_accounts(wanted.owner),
        "responses": queries.page_rows(list(page)),
        "may_export": may(Permission.EXPORT_RESPONSES),
        "may_see_people": may(Permission.VIEW_PEOPLE),
    }
    return render(request, "surveys/responses/list.html", context)


def _pages(wanted: queries.ResponseFilter) -> LongPaginator:
    """Of ids alone: the database walks along an index, however far back the page lies."""
    ids = queries.responses(wanted).order_by("-answered_at", "-pk").values_list("pk", flat=True)
    # Reading every text is what takes the time: once for the page and the count together.
    return LongPaginator(list(ids) if wanted.text else ids, PER_PAGE)


@staff_may(Permission.EXPORT_RESPONSES)
@require_safe
def export(request: StaffRequest, file_type: str) -> HttpResponseBase:
    """Exactly what the list shows for the same query string."""
    form = ResponseFilterForm(request.GET)
    exports.understood(form)
    found = queries.responses(form.wanted(reader=request.user.email))
    reader = exports.reader_of(request)

    def rows() -> exports.Rows:
        if reader is exports.Reader.KOE:
            return exports.head_and_rows(exported_responses(found))
        # The language is asked for now: the rows are written when this request is over.
        words = _words() if reader is exports.Reader.PEOPLE else {}
        table = export_table(
            found, language=get_language() or "", today=timezone.localdate(), words=words
        )
        return table.header, table.rows

    return exports.export(request, file_type, rows, of=FILE)


def _words() -> dict[str, dict[Any, str]]:
    return {
        "category": {each.value: str(label) for each, label in CATEGORY_LABELS.items()},
        "customer_state": {"active": _("active"), "churned": _("churned")},
    }


@staff_may(Permission.VIEW_COMMENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    response = get_object_or_404(queries.responses_of_all(), pk=pk)
    may_follow_up = request.user.may(Permission.FOLLOW_UP)
    form = FollowUpForm(request.POST or None, instance=response)
    if request.method == "POST":
        if not may_follow_up:
            return HttpResponse(status=403)
        if request.htmx:
            return _form_alone(request, form)
        if form.is_valid():
            form.save()
            messages.success(request, _("Tags and note are saved."))
            return redirect("surveys:response-detail", pk)
    history = list(queries.history_of(response))
    context: dict[str, Any] = {
        "response": response,
        "further": _further_answers(response),
        "segments": _segments(response),
        "history": history,
        "course": shapes.course([each.score for each in reversed(history)]),
        "changes": response.changes.order_by("-id"),
        "may_see_people": request.user.may(Permission.VIEW_PEOPLE),
        "form": form if may_follow_up else None,
    }
    status = 422 if form.errors else 200
    return render(request, "surveys/responses/detail.html", context, status=status)


def _form_alone(request: StaffRequest, form: FollowUpForm) -> HttpResponse:
    """Saved in place: the reader stays where they are, and is told once."""
    context: dict[str, Any] = {"form": form, "submit_label": _("Save"), "quiet": True}
    if not form.is_valid():
        return render(request, "components/_form.html", context, status=422)
    context["form"] = FollowUpForm(instance=form.save())
    context["said"] = _("Tags and note are saved.")
    return render(request, "components/_form.html", context)


def _further_answers(response: Response) -> list[tuple[str, Any]]:
    stored = response.invitation.campaign.questions
    questions = questions_in(stored, language=get_language() or "")
    return answers_in_words(questions, response.extra)


def _segments(response: Response) -> list[tuple[str, str]]:
    """The frozen values; a segment that was deleted since goes by its bare name."""
    labels = labels_of_segments()
    values = response.invitation.profile.values if response.invitation.profile else {}
    return [(labels.get(name, name), value_label(name, value)) for name, value in values.items()]
