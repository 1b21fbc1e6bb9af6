from __future__ import annotations

import base64
import hashlib
import json

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils import timezone

from accounts.models import Person
from api.models import ApiKey, Member


def create(request: HttpRequest) -> JsonResponse:
    text = base64.b64decode(request.headers["Authorization"].split()[1]).decode().rstrip(":")
    key = ApiKey.objects.get(digest=hashlib.sha256(text.encode()).hexdigest())
    given = json.loads(request.body)
    email = given["email"]
    with transaction.atomic():
        person = Person.objects.create(mail_key=email)
        member = Member.objects.create(
            project_id=key.project_id, person=person, email=email, email_key=email,
            name=given["name"], created_at=timezone.now(),
        )  # fmt: skip
    return JsonResponse({"id": str(member.pk), "email": email, "name": member.name}, status=201)


urlpatterns = [path("people", create)]
