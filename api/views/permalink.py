from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from accounts.domain.access.roles import Permission
from accounts.web.access import StaffRequest, staff_may
from api.domain.permalink import permalink_pk
from api.models import Ask


@staff_may(Permission.VIEW_COMMENTS)
@require_safe
def permalink(request: StaffRequest, token: str) -> HttpResponse:
    """The page of an answer, for who may see answers: a link passed on opens nothing."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    pk = permalink_pk(token, secrets=secrets)
    if pk is None:
        raise Http404
    ask = get_object_or_404(Ask.objects.answered(), pk=pk)
    return redirect("surveys:response-detail", ask.invitation.response.pk)
