"""The addresses under /v1/, each with and without .json, and none with a slash at its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, re_path

from api.views.delighted import answers, autopilot, people, suppressions

app_name = "delighted"


def address(path: str, view: Callable[..., Any], name: str) -> URLPattern:
    return re_path(rf"^{path}(?:\.json)?\Z", view, name=name)


urlpatterns = [
    address(r"people/(?P<identifier>.+?)/survey_requests/pending", people.pending, "pending"),
    address(r"people/(?P<identifier>.+?)", people.person, "person"),
    address("people", people.people, "people"),
    address(r"survey_responses/(?P<shown>[0-9]+)", answers.response, "response"),
    address("survey_responses", answers.responses, "responses"),
    address("autopilot/(?P<platform>email|sms)/memberships", autopilot.memberships, "memberships"),
    address("autopilot/(?P<platform>email|sms)", autopilot.configuration, "autopilot"),
    address("metrics", answers.metrics, "metrics"),
    address("unsubscribes", suppressions.unsubscribes, "unsubscribes"),
    address("bounces", suppressions.bounces, "bounces"),
]
