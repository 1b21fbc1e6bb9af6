from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from surveys.queries.tokens import AnswerLink
from surveys.views import by_hand, invitations, people, respondent_forms, responses
from surveys.views.campaigns import calendar, editor, mails, moves, page, templates
from surveys.views.public.answer import answer, intent, thanks, trial
from surveys.views.public.opt_out import opt_out, opt_out_trial
from surveys.views.search import search
from surveys.views.sending import try_again
from surveys.views.settings import brand, demo, organisation
from surveys.views.webhooks import receive_events

register_converter(AnswerLink, "answer_link")


class LogoName(StringConverter):
    regex = "[0-9a-f]{32}"


class Colour(StringConverter):
    regex = "[0-9a-f]{6}"


register_converter(LogoName, "logo_name")
register_converter(Colour, "colour")

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
    path("sending/try/", try_again, name="try-now"),
    path("brand/<logo_name:digest>.png", brand.logo, name="logo"),
    path("brand/<colour:colour>.css", brand.colours, name="brand-colours"),
    path("settings/brand/", brand.edit, name="brand"),
    path("settings/brand/no-logo/", brand.without_logo, name="brand-no-logo"),
    path("settings/brand/mail/<str:language>/", mails.of_the_brand, name="brand-mail"),
    path("settings/organisation/check/", organisation.check, name="sender-check"),
    path("settings/organisation/", organisation.edit, name="organisation"),
    path("settings/demo/", demo.index, name="demo"),
    path("settings/demo/make/", demo.make, name="demo-make"),
    path("settings/demo/clear/", demo.clear, name="demo-clear"),
    # Mandrill's other address.
    path("anymail/<slug:provider>/", receive_events, name="provider-events-short"),
    path("anymail/<slug:provider>/tracking/", receive_events, name="provider-events"),
    path("campaigns/", page.index, name="campaign-list"),
    path("campaigns/new/", editor.create, name="campaign-create"),
    path("campaigns/new/mail/<str:language>/", editor.draft_mail, name="draft-mail"),
    path("campaigns/new/mail/<str:language>/head/", editor.draft_head, name="draft-head"),
    path("campaigns/new/who/", editor.draft_who, name="draft-who"),
    path("campaigns/new/year/", editor.draft_year, name="draft-year"),
    path(
        "campaigns/templates/delete/",
        templates.delete_template,
        name="campaign-template-delete",
    ),
    path("campaigns/calendar/", calendar.calendar, name="campaign-calendar"),
    path("campaigns/<slug:slug>/", page.detail, name="campaign-detail"),
    path("campaigns/<slug:slug>/edit/", editor.edit, name="campaign-edit"),
    path("campaigns/<slug:slug>/edit/who/", editor.draft_who, name="campaign-draft-who"),
    path("campaigns/<slug:slug>/edit/year/", editor.draft_year, name="campaign-draft-year"),
    path("campaigns/<slug:slug>/template/", templates.save_template, name="campaign-template"),
    path("campaigns/<slug:slug>/mail/<str:language>/", mails.mail, name="campaign-mail"),
    path("campaigns/<slug:slug>/test/", moves.trial, name="campaign-trial"),
    path("campaigns/<slug:slug>/launch/", moves.launch, name="campaign-launch"),
    path("campaigns/<slug:slug>/second/", moves.ask_for_second, name="campaign-second"),
    path("campaigns/<slug:slug>/second/end/", moves.take_back, name="campaign-second-end"),
    path("campaigns/<slug:slug>/pause/", moves.pause, name="campaign-pause"),
    path("campaigns/<slug:slug>/resume/", moves.resume, name="campaign-resume"),
    path("campaigns/<slug:slug>/cancel/", moves.cancel, name="campaign-cancel"),
    path("campaigns/<slug:slug>/delete/", moves.delete, name="campaign-delete"),
    path("campaigns/<slug:slug>/archive/", moves.archive, name="campaign-archive"),
    path("campaigns/<slug:slug>/restore/", moves.restore, name="campaign-restore"),
    path("campaigns/<slug:slug>/duplicate/", moves.duplicate, name="campaign-duplicate"),
    path("campaigns/<slug:slug>/invitations/", page.invitations, name="campaign-invitations"),
    path("campaigns/<slug:slug>/prospects/", page.prospects, name="campaign-prospects"),
    path("campaigns/<slug:slug>/year/", calendar.year, name="campaign-year"),
    path("campaigns/<slug:slug>/who/", page.who, name="campaign-who"),
    path("invitations/", invitations.index, name="invitation-list"),
    path("responses/", responses.index, name="response-list"),
    path("responses/export.<str:file_type>", responses.export, name="response-export"),
    path("responses/<int:pk>/", responses.detail, name="response-detail"),
    path("respondents/", people.respondent_list, name="respondent-list"),
    path("respondents/export.<str:file_type>", people.export, name="respondent-export"),
    path("respondents/<int:pk>/", people.respondent, name="respondent-detail"),
    path("customers/<int:pk>/respondents/new/", respondent_forms.add, name="respondent-create"),
    path("respondents/<int:pk>/edit/", respondent_forms.correct, name="respondent-edit"),
    path("respondents/<int:pk>/end/", respondent_forms.end, name="respondent-end"),
    path("respondents/<int:pk>/answers/new/", by_hand.enter, name="answer-enter"),
    path("respondents/<int:pk>/stop/", people.stop, name="respondent-stop"),
    path("respondents/<int:pk>/erase/", people.erase, name="respondent-erase"),
    path("respondents/<int:pk>/merge/", people.merge, name="respondent-merge"),
]
