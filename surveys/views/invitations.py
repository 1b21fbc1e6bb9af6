"""Who was asked, over all campaigns, with what came of it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.domain.access.roles import Permission
from accounts.web.access import StaffRequest, staff_may
from common.web.paginate import LongPaginator
from surveys.forms.invitations import InvitationFilterForm
from surveys.queries import invitations as queries

PER_PAGE = 50


@staff_may(Permission.VIEW_PEOPLE)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    form = InvitationFilterForm(request.GET)
    ids = queries.asked(form.wanted(reader=request.user.email)).values_list("pk", flat=True)
    page = LongPaginator(ids, PER_PAGE).get_page(request.GET.get("page"))
    rows = queries.page_rows(list(page))
    context = {"form": form, "page_obj": page, "rows": rows}
    return render(request, "surveys/invitations/list.html", context)
