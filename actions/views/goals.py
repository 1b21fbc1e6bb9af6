"""Goals: the tree with a picture of each, one goal with its review log, and setting one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.domain.access.roles import Permission
from accounts.labels import value_label
from accounts.views.settings.pages import done, form_page
from accounts.web.access import StaffRequest, staff_may
from actions.charts.goals import goal_picture
from actions.domain.goals import YEAR, band_of
from actions.forms.goals import WEEK_DAYS, GoalForm, ReviewForm
from actions.labels import status_label
from actions.models import Goal, GoalReading, GoalReview
from actions.queries.goals import Branch, goal_tree
from actions.reports.goals import goal_report
from actions.reports.health_share import goal_metric_name
from actions.services.goals import GoalCycle, add_review, delete_goal, save_goal
from actions.views.pictures import picture_file
from analytics.domain.periods import ONE_DAY
from analytics.exports.pictures import PICTURES
from analytics.labels.metrics import write_metric
from analytics.queries.customers.money import known_conversion
from analytics.views.downloads import download
from analytics.views.metrics.figures import interval_in_words
from config.celery import enqueue

FILES = ("csv", "json")
GOALS = Goal.objects.select_related("dimension", "owner", "parent")


@dataclass(frozen=True, slots=True)
class Card:
    goal: Goal
    metric: str
    customers: str
    start: str
    target: str
    value: str
    interval: str
    expected: str
    counted: int | None
    day: Any
    status: str
    status_text: str
    chart: dict[str, Any]
    # What was written of it last.
    said: GoalReview | None = None
    cards: tuple[Card, ...] = ()

    @property
    def stands_alone(self) -> bool:
        """Held without an end, and with nothing below it."""
        return self.goal.last_day is None and not self.cards


@staff_may(Permission.VIEW_REPORTS)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    if wanted := request.GET.get("format"):
        return _export(request, wanted)
    currency = known_conversion().currency
    cards = [_card(each, currency=currency) for each in goal_tree()]
    context = {
        "cards": [each for each in cards if not each.stands_alone],
        "targets": [each for each in cards if each.stands_alone],
        "standing": _by_status(cards),
        "may_set": request.user.may(Permission.MANAGE_SETTINGS),
        "files": FILES,
    }
    return render(request, "actions/goals/list.html", context)


@staff_may(Permission.VIEW_REPORTS)
@require_safe
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    return _page(request, get_object_or_404(GOALS, pk=pk), ReviewForm())


@staff_may(Permission.FOLLOW_UP)
@require_POST
def review(request: StaffRequest, pk: int) -> HttpResponse:
    goal, form = get_object_or_404(GOALS, pk=pk), ReviewForm(request.POST)
    if not form.is_valid():
        return _page(request, goal, form)
    add_review(goal, **form.cleaned_data, by=request.user, now=timezone.now())
    return done(request, _("Saved."), "actions:goal-detail", pk)


@staff_may(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: StaffRequest) -> HttpResponse:
    today = timezone.localdate()
    initial = {
        "first_day": today,
        "last_day": today + YEAR,
        "owner": request.user.pk,
        **{name: request.GET[name] for name in ("metric", "parent") if name in request.GET},
    }
    return _edit(request, Goal(), initial=initial)


@staff_may(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(GOALS, pk=pk), initial={})


@staff_may(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: StaffRequest, pk: int) -> HttpResponse:
    goal = get_object_or_404(GOALS, pk=pk)
    if request.method == "POST":
        delete_goal(goal, by=request.user, now=timezone.now())
        return done(request, _("Deleted."), "actions:goal-list")
    context = {
        "goal": goal,
        "text": _(
            "The goal is deleted with its readings and reviews. Goals below it move up one level."
        ),
        "action": request.path,
        "button": _("Delete the goal"),
        "back_url": reverse("actions:goal-detail", args=[pk]),
    }
    return render(request, "actions/goals/delete.html", context)


@staff_may(Permission.EXPORT_REPORTS)
@require_safe
def picture(request: StaffRequest, pk: int, file_type: str) -> HttpResponse:
    goal = get_object_or_404(GOALS, pk=pk)
    chart = goal_picture(goal, list(goal.readings.all()), currency=known_conversion().currency)
    return picture_file(chart, file_type=file_type)


def _page(request: StaffRequest, goal: Goal, form: ReviewForm) -> HttpResponse:
    currency = known_conversion().currency
    readings = list(goal.readings.all())
    write = partial(write_metric, unit=goal.definition.written_as, currency=currency)
    context = {
        "card": _card(Branch(goal, readings), currency=currency),
        "readings": [_reading(each, goal, write) for each in reversed(readings)],
        "reviews": [
            (each, status_label(each.status, endless=goal.last_day is None), write(each.value))
            for each in goal.reviews.select_related("author")
        ],
        "form": form,
        "action": reverse("actions:goal-review", args=[goal.pk]),
        "submit_label": _("Write it down"),
        "may_review": request.user.may(Permission.FOLLOW_UP),
        "may_set": request.user.may(Permission.MANAGE_SETTINGS),
        "weeks": goal.window_days // WEEK_DAYS,
        "metric_url": reverse("analytics:health")
        if band_of(goal.metric)
        else reverse("analytics:metric", args=[goal.metric]),
    }
    back, invalid = "actions:goal-list", form.is_bound
    return form_page(request, "actions/goals/detail.html", context, back=back, invalid=invalid)


def _export(request: StaffRequest, wanted: str) -> HttpResponse:
    """As the command has them, of the last whole day."""
    if wanted not in FILES:
        raise Http404(wanted)
    today = timezone.localdate()
    report = goal_report(list(GOALS), day=today - ONE_DAY, today=today)
    return download(request, report=report, today=today, chosen=[])


def _edit(request: StaffRequest, goal: Goal, *, initial: dict[str, Any]) -> HttpResponse:
    today = timezone.localdate()
    form = GoalForm(request.POST or None, goal=goal, today=today, initial=initial)
    is_new, name = goal.pk is None, str(goal) if goal.pk else ""
    if request.method == "POST" and form.is_valid():
        try:
            save_goal(goal, by=request.user, now=timezone.now())
        except GoalCycle:
            form.add_error("parent", _("A goal cannot contribute to one below it."))
        else:
            enqueue("actions.tasks.read_goals")
            return done(request, _("Saved."), "actions:goal-detail", goal.pk)
    context = {"form": form, "submit_label": _("Save"), "goal_name": "" if is_new else name}
    back = (
        reverse("actions:goal-list") if is_new else reverse("actions:goal-detail", args=[goal.pk])
    )
    return form_page(
        request, "actions/goals/edit.html", context, back=back, invalid=request.method == "POST"
    )


def _card(branch: Branch, *, currency: str) -> Card:
    goal, last = branch.goal, branch.last
    write = partial(write_metric, unit=goal.definition.written_as, currency=currency)
    chart = goal_picture(goal, branch.readings, currency=currency)
    links = {
        f"{kind}_url": reverse("actions:goal-picture", args=[goal.pk, kind]) for kind in PICTURES
    }
    return Card(
        goal,
        metric=goal_metric_name(goal.metric),
        customers=value_label(goal.dimension.name, goal.value) if goal.dimension else "",
        start=write(goal.start),
        target=write(goal.target),
        value=write(last.value if last else None),
        interval=_interval(last, write),
        expected=write(last.expected if last else None),
        counted=last.denominator if last else None,
        day=last.day if last else None,
        status=last.status if last else "",
        status_text=status_label(
            last.status if last else "",
            ended=_has_ended(goal, last),
            endless=goal.last_day is None,
        ),
        chart={
            "id": chart.name, "title": chart.title, "alt": chart.alt(), "spec": chart.draw, **links
        },
        said=branch.said,
        cards=tuple(_card(each, currency=currency) for each in branch.children),
    )  # fmt: skip


def _has_ended(goal: Goal, last: GoalReading | None) -> bool:
    return last is not None and last.day == goal.last_day


def _interval(reading: GoalReading | None, write: Any) -> str:
    return "" if reading is None else interval_in_words(reading.low, reading.high, write=write)


def _reading(reading: GoalReading, goal: Goal, write: Any) -> dict[str, Any]:
    return {
        "day": reading.day,
        "value": write(reading.value),
        "interval": _interval(reading, write),
        "counted": reading.denominator,
        "expected": write(reading.expected),
        "status": reading.status,
        "status_text": status_label(reading.status, endless=goal.last_day is None),
    }


def _by_status(cards: list[Card]) -> dict[str, int]:
    """By status, of the whole tree."""
    found: dict[str, int] = {}
    for each in _all(cards):
        found[each.status] = found.get(each.status, 0) + 1
    return found


def _all(cards: Any) -> Iterator[Card]:
    for each in cards:
        yield each
        yield from _all(each.cards)
