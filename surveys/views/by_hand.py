"""Entering the answer that a respondent gave by phone or in a talk."""

from __future__ import annotations

import datetime as dt

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.domain.access.roles import Permission
from accounts.models import Respondent
from accounts.views.settings.pages import done, form_page
from accounts.web.access import StaffRequest, staff_may
from surveys.forms.by_hand import EnteredAnswerForm
from surveys.queries.calendar.clock import database_now
from surveys.queries.people.lookup import kept_person
from surveys.services import slots
from surveys.services.answers.by_hand import Erased, NoFreeSlot, SavedBefore, enter_answer


@staff_may(Permission.FOLLOW_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: StaffRequest, pk: int) -> HttpResponse:
    rows = Respondent.objects.select_related("customer", "person__merged_into")
    respondent, now = get_object_or_404(rows, pk=pk), database_now()
    if kept_person(respondent.person).erased_at:
        raise Http404
    today = timezone.localdate(now)
    form = EnteredAnswerForm(request.POST or None, respondent=respondent, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            response = enter_answer(respondent, form.entered(), by=request.user, now=now)
        except NoFreeSlot:
            form.add_error(None, _refusal(respondent, now=now) or _on_that_day())
        except SavedBefore:
            text = _("This form was saved before, with other values. Open it again to enter more.")
            form.add_error(None, text)
        except Erased as error:
            raise Http404 from error
        else:
            return done(request, _("Saved."), "surveys:response-detail", response.pk)
    context = {
        "form": form,
        "respondent": respondent,
        "refusal": "" if request.method == "POST" else _refusal(respondent, now=now),
        "submit_label": _("Save the answer"),
    }
    return form_page(
        request,
        "surveys/people/enter_answer.html",
        context,
        back=reverse("surveys:respondent-detail", args=[pk]),
        invalid=request.method == "POST",
    )


def _refusal(respondent: Respondent, *, now: dt.datetime) -> str:
    """Why no answer can be entered as of now; empty where one can be."""
    possible = slots.next_possible(kept_person(respondent.person), now=now)
    if possible <= now:
        return ""
    text = _("All surveys of this person’s year are used up or reserved, and an answer entered by "
             "hand counts as one. The next one is possible from %(day)s on.")  # fmt: skip
    return text % {"day": date_format(timezone.localtime(possible), "SHORT_DATETIME_FORMAT")}


def _on_that_day() -> str:
    return _("On that day all surveys of this person’s year were used up or reserved.")
