from __future__ import annotations

from django.urls import path

from common.web.lazy import lazy_view

app_name = "actions"

_LIST, _ONE = "actions.views.listing", "actions.views.follow_up"

urlpatterns = [
    path("follow-ups/", lazy_view(f"{_LIST}.index"), name="follow-up-list"),
    path("follow-ups/assign/", lazy_view(f"{_LIST}.assign"), name="follow-up-assign"),
    path("follow-ups/answers/", lazy_view(f"{_LIST}.waiting"), name="answer-list"),
    path("follow-ups/answers/<int:pk>/", lazy_view(f"{_LIST}.follow_up"), name="answer-follow-up"),
    path("follow-ups/<int:pk>/", lazy_view(f"{_ONE}.detail"), name="follow-up-detail"),
    path("follow-ups/<int:pk>/<slug:name>/", lazy_view(f"{_ONE}.act"), name="follow-up-act"),
    path("customers/<int:pk>/follow-up/", lazy_view(f"{_ONE}.create"), name="follow-up-create"),
]
