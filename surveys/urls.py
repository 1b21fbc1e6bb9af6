from __future__ import annotations

from django.urls import path, register_converter

from surveys.queries.tokens import AnswerLink
from surveys.views import by_hand, campaigns, invitations, people, responses
from surveys.views.answer import answer, intent, thanks, trial
from surveys.views.opt_out import opt_out, opt_out_trial
from surveys.views.search import search

register_converter(AnswerLink, "answer_link")

app_name = "surveys"


urlpatterns = [
    # The customers' pages, which are asked for most, first.
    path("s/test-<str:token>/", trial, name="trial"),
    path("s/<answer_link:link>/", answer, name="answer"),
    path("s/<answer_link:link>/intent/", intent, name="intent"),
    path("s/<answer_link:link>/thanks/", thanks, name="thanks"),
    path("u/test-<str:token>/", opt_out_trial, name="opt-out-trial"),
    path("u/<str:token>/", opt_out, name="opt-out"),
    path("search/", search, name="search"),
    path("campaigns/", campaigns.index, name="campaign-list"),
    path("campaigns/new/", campaigns.create, name="campaign-create"),
    path("campaigns/new/mail/<str:language>/", campaigns.draft_mail, name="draft-mail"),
    path("campaigns/new/mail/<str:language>/head/", campaigns.draft_head, name="draft-head"),
    path("campaigns/<slug:slug>/", campaigns.detail, name="campaign-detail"),
    path("campaigns/<slug:slug>/edit/", campaigns.edit, name="campaign-edit"),
    path("campaigns/<slug:slug>/mail/<str:language>/", campaigns.mail, name="campaign-mail"),
    path("campaigns/<slug:slug>/test/", campaigns.trial, name="campaign-trial"),
    path("campaigns/<slug:slug>/launch/", campaigns.launch, name="campaign-launch"),
    path("campaigns/<slug:slug>/pause/", campaigns.pause, name="campaign-pause"),
    path("campaigns/<slug:slug>/resume/", campaigns.resume, name="campaign-resume"),
    path("campaigns/<slug:slug>/cancel/", campaigns.cancel, name="campaign-cancel"),
    path("campaigns/<slug:slug>/invitations/", campaigns.invitations, name="campaign-invitations"),
    path("campaigns/<slug:slug>/prospects/", campaigns.prospects, name="campaign-prospects"),
    path("invitations/", invitations.index, name="invitation-list"),
    path("responses/", responses.index, name="response-list"),
    path("responses/export.<str:file_type>", responses.export, name="response-export"),
    path("responses/<int:pk>/", responses.detail, name="response-detail"),
    path("respondents/", people.respondent_list, name="respondent-list"),
    path("respondents/<int:pk>/", people.respondent, name="respondent-detail"),
    path("respondents/<int:pk>/answers/new/", by_hand.enter, name="answer-enter"),
    path("respondents/<int:pk>/stop/", people.stop, name="respondent-stop"),
    path("respondents/<int:pk>/erase/", people.erase, name="respondent-erase"),
    path("respondents/<int:pk>/merge/", people.merge, name="respondent-merge"),
]
