from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from surveys.models import Invitation, Response


def post(request: HttpRequest, token: str) -> HttpResponse:
    invitation = Invitation.objects.get(public_id=token)
    now = timezone.now()
    with transaction.atomic():
        Response.objects.create(
            invitation=invitation,
            score=int(request.POST["score"]),
            comment=request.POST["comment"],
            answered_at=now,
            changed_at=now,
        )
    return HttpResponse(status=204)


def page(request: HttpRequest, token: str) -> HttpResponse:
    return render(request, "page.html", {"invitation": Invitation.objects.get(public_id=token)})


urlpatterns = [path("s/<str:token>/", post), path("p/<str:token>/", page)]
