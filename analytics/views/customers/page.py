"""One customer: how it is, what changed, and all that happened."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.domain.access.roles import Permission
from accounts.domain.facts.events import EventKind
from accounts.labels import value_label
from accounts.models import Customer, Dimension
from accounts.queries.money.currency import conversion
from accounts.queries.money.revenue import with_numbers
from accounts.web.access import StaffRequest, staff_may
from analytics.domain.customers.story import StoryKind
from analytics.domain.periods import ONE_DAY
from analytics.labels import STORY_LABELS
from analytics.queries.customers.story import Story, read_story
from analytics.queries.health.standing import standings
from analytics.reports.customer.lately import sentences
from analytics.reports.customer.story import Moment, moments
from analytics.reports.health.customer import OneHealth, one_health
from analytics.views.customers.bars import bars, one_scale
from analytics.views.health.customer import health_context
from common.templatetags.figures import write_number
from surveys.queries.people.lookup import respondent_rows

RESPONDENTS_SHOWN = 100
MOMENTS_SHOWN = 15
# What the arrow beside the score looks back at.
ARROW_DAYS = 28


@staff_may(Permission.VIEW_PEOPLE)
@require_safe
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    customer, now = get_object_or_404(Customer, pk=pk), timezone.now()
    today = timezone.localdate(now)
    gone = customer.churned_on is not None and customer.churned_on <= today
    # Of who left, the score of the day before.
    last = customer.churned_on - ONE_DAY if gone and customer.churned_on else today
    health = one_health(pk, today=last, live=False)
    story = read_story(customer, now=now)
    respondents = list(customer.respondents.order_by("name", "pk")[: RESPONDENTS_SHOWN + 1])
    context = {
        "customer": customer,
        "segments": _segments(customer),
        "attributes": sorted(customer.attributes.items()),
        **_standing(story, health),
        "changes": sentences(story, health),
        **_timeline(request, moments(story, health.history if health else ())),
        **(health_context(health) if health else {}),
        "respondents": respondent_rows([each.pk for each in respondents[:RESPONDENTS_SHOWN]]),
        "more_respondents": len(respondents) > RESPONDENTS_SHOWN,
        "may_write": request.user.may(Permission.FOLLOW_UP),
    }
    return render(request, "analytics/customers/page.html", context)


def _standing(story: Story, health: OneHealth | None) -> dict[str, Any]:
    """What one asks of a customer first."""
    row, today = story.customer, story.today
    is_active = row.churned_on is None or row.churned_on > today
    contacts = (each.at for each in story.events if each.kind == EventKind.CONTACTED)
    day = health.day if health else None
    change = _change(health)
    scale = one_scale(story.revenue, rates=conversion)
    pulse, counts = story.pulses[0] if story.pulses else (None, False)
    return {
        "active": is_active,
        "latest": story.revenue[-1] if story.revenue else None,
        "contacted_at": next(contacts, None),
        "pulse": pulse,
        "pulse_counts": counts,
        "standing": standings([row.pk], day=day, today=today).get(row.pk),
        "change": change,
        "change_text": "" if change is None else write_number(change, sign=True),
        "revenue": story.revenue[::-1],
        "bars_currency": scale.currency,
        "bars": bars(scale.amounts),
    }


def _change(health: OneHealth | None) -> float | None:
    """Of the score, against 28 days ago."""
    if health is None or health.health.score is None:
        return None
    before = next(each.score for each in health.against if each.days == ARROW_DAYS)
    return None if before is None else health.health.score - before


def _segments(row: Customer) -> list[tuple[str, str]]:
    # The facts of a customer name its seats already.
    dimensions = list(
        Dimension.objects.filter(source=Dimension.Source.CUSTOMER).exclude(
            attribute="seats", divisor="", bands={}
        )
    )
    known = with_numbers({row.pk: row.attributes}, dimensions=dimensions, day=timezone.localdate())
    return [
        (str(each), value_label(each.name, each.definition.value(known[row.pk])))
        for each in dimensions
    ]


def _timeline(request: StaffRequest, found: list[Moment]) -> dict[str, Any]:
    """Of one kind where the address names one."""
    counts = {kind: sum(each.kind is kind for each in found) for kind in StoryKind}
    chosen = next((kind for kind in StoryKind if kind == request.GET.get("kind")), None)
    shown = [each for each in found if chosen in (None, each.kind)]
    kinds = [
        {"url": f"?kind={kind}#timeline", "label": STORY_LABELS[kind], "count": counts[kind],
         "active": kind is chosen}
        for kind in StoryKind
        if counts[kind]
    ]  # fmt: skip
    everything = {"url": "?#timeline", "label": _("All"), "count": None, "active": chosen is None}
    page = Paginator(shown, MOMENTS_SHOWN).get_page(request.GET.get("page"))
    return {"page_obj": page, "kinds": [everything, *kinds], "labels": STORY_LABELS}
