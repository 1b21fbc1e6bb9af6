"""What an e-mail or a channel is told of an answer, read when it leaves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.domain.access.roles import Permission
from accounts.domain.names import shown_name
from accounts.models import Customer, Respondent, StaffUser
from accounts.queries.customers.listing import latest_month, page_rows
from actions.models import AnswerCase, FollowUp
from analytics.queries.health.standing import Standing, last_scored_day, standings
from surveys.models import Response

EARLIER_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Facts:
    response: Response
    respondent: Respondent
    # With its MRR and currency.
    customer: Any
    health: Standing | None
    follow_up: FollowUp | None
    days_to_renewal: int | None


def facts_of(response_id: int, *, now: dt.datetime) -> Facts | None:
    """None where there is no such answer, or it does not count."""
    found = (
        Response.objects.counted()
        .select_related("invitation__respondent__customer", "case__follow_up__owner")
        .filter(pk=response_id)
        .first()
    )
    if found is None:
        return None
    case: AnswerCase | None = getattr(found, "case", None)
    respondent = found.invitation.respondent
    today = timezone.localdate(now)
    customer = _with_mrr(respondent.customer)
    days = customer.renews_on - today if customer and customer.renews_on else None
    return Facts(
        response=found,
        respondent=respondent,
        customer=customer,
        health=_health(customer, today=today),
        follow_up=case.follow_up if case else None,
        days_to_renewal=days.days if days is not None else None,
    )


def _with_mrr(customer: Customer | None) -> Customer | None:
    return page_rows([customer.pk], month=latest_month())[0] if customer else None


def _health(customer: Customer | None, *, today: dt.date) -> Standing | None:
    if customer is None:
        return None
    known = standings([customer.pk], day=last_scored_day(until=today), today=today)
    return known.get(customer.pk)


def context_of(facts: Facts, *, reader: StaffUser | None, url: str) -> dict[str, Any]:
    """Of an e-mail. Whoever may see no addresses gets none in place of a name."""
    may = reader is None or reader.may(Permission.VIEW_PEOPLE)
    return {
        "response": facts.response,
        "customer": facts.customer,
        "respondent": named(facts.respondent, with_address=may),
        "health": facts.health,
        "follow_up": facts.follow_up,
        "earlier": [
            (each, named(each.invitation.respondent, with_address=may))
            for each in _earlier(facts.response)
        ],
        "days_to_renewal": facts.days_to_renewal,
        "url": url,
    }


def named(respondent: Respondent, *, with_address: bool) -> str:
    address = respondent.email if with_address else ""
    return shown_name(respondent.name) or address or _("A respondent")


def response_url(response: Response) -> str:
    return settings.SITE_URL + reverse("surveys:response-detail", args=[response.pk])


def _earlier(response: Response) -> Sequence[Response]:
    """The last answers of the account, else of the person."""
    respondent = response.invitation.respondent
    same = Q(invitation__person=response.invitation.person_id)
    if respondent.customer_id is not None:
        same = Q(invitation__respondent__customer=respondent.customer_id)
    found = Response.objects.counted().filter(same).exclude(pk=response.pk)
    return list(found.select_related("invitation__respondent")[:EARLIER_SHOWN])
