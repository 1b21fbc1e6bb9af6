"""Figures for a monitoring system, in Prometheus' text format."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count, Min

from surveys.domain.states import CLAIMABLE, CampaignState, InvitationState
from surveys.models import DeliveryEvent, DomainHealth, Invitation
from surveys.queries.clock import offset


def metric_lines(*, now: dt.datetime) -> list[str]:
    return [*_invitations(), *_backlog(now), *_delivery(now), *_clock()]


def _invitations() -> Iterator[str]:
    counted = dict(Invitation.objects.order_by().values_list("state").annotate(number=Count("pk")))
    yield "# HELP koe_invitations Invitations by state."
    yield "# TYPE koe_invitations gauge"
    for state in InvitationState:
        yield f'koe_invitations{{state="{state}"}} {counted.get(state.value, 0)}'


def _backlog(now: dt.datetime) -> Iterator[str]:
    number, oldest = due_invitations(now=now)
    age = (now - oldest).total_seconds() if oldest else 0
    yield from _gauge("koe_due_invitations", "Invitations that should have left by now.", number)
    yield from _gauge("koe_oldest_due_seconds", "Age of the oldest of them.", age)


def due_invitations(*, now: dt.datetime) -> tuple[int, dt.datetime | None]:
    """How many should have left by now, and since when the first of them should."""
    waiting = Invitation.objects.filter(
        state__in=CLAIMABLE, send_at__lte=now, campaign__state=CampaignState.RUNNING
    ).aggregate(number=Count("pk"), oldest=Min("send_at"))
    return waiting["number"], waiting["oldest"]


def _delivery(now: dt.datetime) -> Iterator[str]:
    unapplied = DeliveryEvent.objects.filter(applied_at__isnull=True).count()
    open_domains = DomainHealth.objects.filter(open_until__gt=now).count()
    yield from _gauge("koe_unapplied_delivery_events", "Provider events to be applied.", unapplied)
    yield from _gauge("koe_open_domain_breakers", "Domains that get no mail now.", open_domains)


def _clock() -> Iterator[str]:
    ahead = offset().total_seconds()
    help_text = "Seconds that this machine's clock is ahead of the database's; 60 stop its work."
    yield from _gauge("koe_clock_ahead_seconds", help_text, ahead)


def _gauge(name: str, help_text: str, value: float) -> Iterator[str]:
    yield f"# HELP {name} {help_text}"
    yield f"# TYPE {name} gauge"
    yield f"{name} {value:g}"
