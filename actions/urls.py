from __future__ import annotations

from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from common.web.lazy import lazy_view

app_name = "actions"

_GOALS = "actions.views.goals"
_PLAYBOOKS = "actions.views.playbooks"

_IMPROVEMENTS = "actions.views.improvements"
_FOLLOW_UPS = "actions.views.follow_ups"
_LIST, _ONE, _SET = f"{_FOLLOW_UPS}.listing", f"{_FOLLOW_UPS}.detail", f"{_FOLLOW_UPS}.settings"

_ALERTS, _CHANNELS = "actions.views.alerts.rules", "actions.views.alerts.channels"

urlpatterns = [
    path("digest/", lazy_view("actions.views.digest.wish"), name="digest"),
    path("digest/preview/", lazy_view("actions.views.digest.preview"), name="digest-preview"),
    # Mail programs post without cookie or referrer; the token is the authority.
    path(
        "digest/stop/<str:token>/",
        csrf_exempt(lazy_view("actions.views.digest.stop")),
        name="digest-stop",
    ),
    path("settings/operations/", lazy_view("actions.views.operations.index"), name="operations"),
    path("settings/alerts/", lazy_view(f"{_ALERTS}.index"), name="alert-list"),
    path("settings/alerts/new/", lazy_view(f"{_ALERTS}.create"), name="alert-create"),
    path("settings/alerts/e-mails/", lazy_view(f"{_CHANNELS}.mails"), name="alert-mails"),
    path("settings/alerts/<int:pk>/", lazy_view(f"{_ALERTS}.edit"), name="alert-edit"),
    path("settings/alerts/<int:pk>/test/", lazy_view(f"{_ALERTS}.test"), name="alert-test"),
    path("settings/alerts/<int:pk>/delete/", lazy_view(f"{_ALERTS}.delete"), name="alert-delete"),
    path("settings/channels/new/", lazy_view(f"{_CHANNELS}.create"), name="channel-create"),
    path("settings/channels/<int:pk>/", lazy_view(f"{_CHANNELS}.detail"), name="channel"),
    path("settings/channels/<int:pk>/edit/", lazy_view(f"{_CHANNELS}.edit"), name="channel-edit"),
    path(
        "settings/channels/<int:pk>/switch/",
        lazy_view(f"{_CHANNELS}.switch"),
        name="channel-switch",
    ),
    path("settings/channels/<int:pk>/test/", lazy_view(f"{_CHANNELS}.test"), name="channel-test"),
    path(
        "settings/channels/<int:pk>/delete/",
        lazy_view(f"{_CHANNELS}.delete"),
        name="channel-delete",
    ),
    path(
        "settings/deliveries/<int:pk>/again/",
        lazy_view(f"{_CHANNELS}.again"),
        name="delivery-again",
    ),
    path(
        "goals/improvements/<int:pk>/chart.<str:file_type>",
        lazy_view(f"{_IMPROVEMENTS}.picture"),
        name="improvement-picture",
    ),
    path("goals/improvements/", lazy_view(f"{_IMPROVEMENTS}.index"), name="improvement-list"),
    path(
        "goals/improvements/new/", lazy_view(f"{_IMPROVEMENTS}.create"), name="improvement-create"
    ),
    path(
        "goals/improvements/<int:pk>/",
        lazy_view(f"{_IMPROVEMENTS}.detail"),
        name="improvement-detail",
    ),
    path(
        "goals/improvements/<int:pk>/edit/",
        lazy_view(f"{_IMPROVEMENTS}.edit"),
        name="improvement-edit",
    ),
    path(
        "goals/improvements/<int:pk>/conclude/",
        lazy_view(f"{_IMPROVEMENTS}.conclude"),
        name="improvement-conclude",
    ),
    path(
        "goals/improvements/<int:pk>/follow-ups/<int:follow_up>/remove/",
        lazy_view(f"{_IMPROVEMENTS}.unlink"),
        name="improvement-unlink",
    ),
    path(
        "goals/improvements/<int:pk>/delete/",
        lazy_view(f"{_IMPROVEMENTS}.delete"),
        name="improvement-delete",
    ),
    path("goals/", lazy_view(f"{_GOALS}.index"), name="goal-list"),
    path("goals/new/", lazy_view(f"{_GOALS}.create"), name="goal-create"),
    path("goals/<int:pk>/", lazy_view(f"{_GOALS}.detail"), name="goal-detail"),
    path("goals/<int:pk>/review/", lazy_view(f"{_GOALS}.review"), name="goal-review"),
    path("goals/<int:pk>/edit/", lazy_view(f"{_GOALS}.edit"), name="goal-edit"),
    path("goals/<int:pk>/delete/", lazy_view(f"{_GOALS}.delete"), name="goal-delete"),
    path(
        "goals/<int:pk>/chart.<str:file_type>", lazy_view(f"{_GOALS}.picture"), name="goal-picture"
    ),
    path("follow-ups/", lazy_view(f"{_LIST}.index"), name="follow-up-list"),
    path(
        "follow-ups/views/",
        lazy_view("actions.views.follow_ups.saved_views.save"),
        name="saved-view-save",
    ),
    path(
        "follow-ups/views/<int:pk>/<slug:name>/",
        lazy_view("actions.views.follow_ups.saved_views.change"),
        name="saved-view-change",
    ),
    path("follow-ups/assign/", lazy_view(f"{_LIST}.assign"), name="follow-up-assign"),
    path("follow-ups/answers/", lazy_view(f"{_LIST}.waiting"), name="answer-list"),
    path("follow-ups/answers/<int:pk>/", lazy_view(f"{_LIST}.follow_up"), name="answer-follow-up"),
    path("follow-ups/hours/", lazy_view(f"{_SET}.own_hours"), name="own-hours"),
    path("follow-ups/effect/", lazy_view(f"{_FOLLOW_UPS}.effect.effect"), name="effect"),
    path("follow-ups/<int:pk>/", lazy_view(f"{_ONE}.detail"), name="follow-up-detail"),
    path(
        "follow-ups/<int:pk>/reply/",
        lazy_view("actions.views.replies.reply"),
        name="follow-up-reply",
    ),
    path("follow-ups/<int:pk>/<slug:name>/", lazy_view(f"{_ONE}.act"), name="follow-up-act"),
    path("follow-ups/link/<str:token>/", lazy_view(f"{_FOLLOW_UPS}.link.link"), name="link"),
    path("work/<slug:kind>/", lazy_view("actions.views.home.more"), name="work"),
    path("work/<slug:kind>/hide/", lazy_view("actions.views.home.hide_line"), name="work-hide"),
    path("settings/follow-ups/", lazy_view(f"{_SET}.index"), name="settings"),
    path("settings/follow-ups/causes/", lazy_view(f"{_SET}.causes"), name="settings-causes"),
    path("settings/follow-ups/hold-out/", lazy_view(f"{_SET}.hold_out"), name="settings-hold-out"),
    path("settings/follow-ups/hours/", lazy_view(f"{_SET}.hours"), name="settings-hours"),
    path(
        "settings/follow-ups/replies/<slug:language>/",
        lazy_view(f"{_SET}.template"),
        name="settings-template",
    ),
    path(
        "settings/follow-ups/rules/<slug:trigger>/",
        lazy_view(f"{_SET}.rule"),
        name="settings-rule",
    ),
    path("playbooks/", lazy_view(f"{_PLAYBOOKS}.listing.index"), name="playbook-list"),
    path("playbooks/tasks/", lazy_view(f"{_PLAYBOOKS}.listing.tasks"), name="playbook-tasks"),
    path("playbooks/results/", lazy_view(f"{_PLAYBOOKS}.listing.results"), name="playbook-results"),
    path("playbooks/new/", lazy_view(f"{_PLAYBOOKS}.editing.create"), name="playbook-create"),
    path("playbooks/<int:pk>/", lazy_view(f"{_PLAYBOOKS}.editing.detail"), name="playbook-detail"),
    path("playbooks/<int:pk>/edit/", lazy_view(f"{_PLAYBOOKS}.editing.edit"), name="playbook-edit"),
    path(
        "playbooks/<int:pk>/switch/",
        lazy_view(f"{_PLAYBOOKS}.editing.switch"),
        name="playbook-switch",
    ),
    path(
        "playbooks/<int:pk>/delete/",
        lazy_view(f"{_PLAYBOOKS}.editing.delete"),
        name="playbook-delete",
    ),
    path(
        "playbooks/<int:pk>/steps/<slug:kind>/",
        lazy_view(f"{_PLAYBOOKS}.steps.create"),
        name="playbook-step-create",
    ),
    path("playbooks/steps/<int:pk>/", lazy_view(f"{_PLAYBOOKS}.steps.edit"), name="playbook-step"),
    path(
        "playbooks/steps/<int:pk>/<slug:act>/",
        lazy_view(f"{_PLAYBOOKS}.steps.act"),
        name="playbook-step-act",
    ),
    path("playbooks/runs/<int:pk>/", lazy_view(f"{_PLAYBOOKS}.runs.detail"), name="playbook-run"),
    path(
        "playbooks/runs/<int:pk>/<slug:name>/",
        lazy_view(f"{_PLAYBOOKS}.runs.act"),
        name="playbook-run-act",
    ),
    path("settings/touch/", lazy_view("actions.views.playbooks.touch.touch"), name="touch"),
    path("customers/<int:pk>/ask/", lazy_view("actions.views.asking.ask"), name="ask"),
    path("customers/<int:pk>/follow-up/", lazy_view(f"{_ONE}.create"), name="follow-up-create"),
]
