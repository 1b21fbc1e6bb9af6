"""What the pages of customers and the settings say of playbooks and of the touch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import template
from django.utils import timezone
from django.utils.functional import Promise

from accounts.models import Customer
from actions.models import TouchTable
from actions.queries.playbooks.runs import next_step, runs_of

if TYPE_CHECKING:
    from analytics.queries.health.standing import Standing

register = template.Library()
RUNS_SHOWN = 10


@register.simple_tag
def touch_cells() -> int:
    table = TouchTable.objects.first()
    return len(table.cells) if table else 0


@register.simple_tag
def touches_of(rows: Sequence[Any], today: dt.date) -> dict[int, str | Promise]:
    """By customer of the rows of a page; who has left is not cared for."""
    return _labels({row.customer.pk: row.health for row in rows if _stays(row.customer, today)})


@register.simple_tag
def touch_of(customer: Customer, standing: Standing | None) -> str | Promise:
    stays = _stays(customer, timezone.localdate())
    return _labels({customer.pk: standing if stays else None}).get(customer.pk, "")


@register.inclusion_tag("actions/playbooks/_customer.html")
def playbooks_of(customer: Customer) -> dict[str, Any]:
    return {"runs": [(run, next_step(run)) for run in runs_of(customer)[:RUNS_SHOWN]]}


def _stays(customer: Customer, today: dt.date) -> bool:
    return customer.churned_on is None or customer.churned_on > today


@register.filter
def of_key(found: Mapping[int, Any], key: int) -> Any:
    return found.get(key)


def _labels(health: Mapping[int, Standing | None]) -> dict[int, str | Promise]:
    # Only here: they need pandas, which no command shall wait for at its start.
    from actions.queries.playbooks.touch import touches
    from analytics.labels import TOUCH_LABELS

    known = {pk: each for pk, each in health.items() if each is not None}
    found = touches(known, today=timezone.localdate()) if known else {}
    return {pk: TOUCH_LABELS[touch] for pk, touch in found.items()}
