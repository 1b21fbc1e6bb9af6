"""Why a campaign that has ended did not ask somebody, as far as can be told today.

Decisions are not written down, only what they are made of: sends, opt-outs, bounces and customers
have their dates. Attributes have none here, so the audience is judged by those of today.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.db.models import Q

from accounts.domain.contactability import SuppressionReason, strongest
from accounts.models import Customer, Respondent, Suppression
from surveys.domain import frequency
from surveys.domain.campaigns.occasions import Occasion
from surveys.domain.eligibility import Decision, RespondentFacts, decide
from surveys.domain.states import COUNTED
from surveys.models import Campaign, Invitation
from surveys.models.invitations import ASKED_AT
from surveys.queries.calendar.days import day_of
from surveys.queries.campaigns.audience import AudienceTest
from surveys.queries.campaigns.occasions import Occasions
from surveys.queries.campaigns.planning import asking_rules


def explain_ended(
    campaign: Campaign, respondent: Respondent, *, person_ids: Sequence[int], now: dt.datetime
) -> Decision | None:
    """The decision at the campaign's end; None where the respondent became known afterwards."""
    at = campaign.finished_at or campaign.ends_at or now
    if respondent.created_at > at:
        return None
    return decide(
        _facts(campaign, respondent, person_ids=person_ids, at=at),
        rules=asking_rules(campaign),
        now=at,
    )


def _facts(
    campaign: Campaign, respondent: Respondent, *, person_ids: Sequence[int], at: dt.datetime
) -> RespondentFacts:
    day = day_of(at)
    audience = AudienceTest.of(campaign, day=day)
    audience.read_customers([respondent.customer_id])
    erased_at = respondent.person.erased_at
    sends = _sends(person_ids, at=at)
    return RespondentFacts(
        respondent_id=respondent.pk,
        person_id=respondent.person_id,
        language=respondent.language,
        in_audience=audience.holds(*(getattr(respondent, name) for name in audience.columns)),
        customer_churned=not campaign.asks_former and not _was_active(respondent.customer, day=day),
        erased=erased_at is not None and erased_at <= at,
        # Who was erased since then had one.
        has_address=bool(respondent.email or erased_at),
        suppression=_suppression(person_ids, at=at),
        next_slot_at=frequency.next_possible(
            frequency.from_history(sends, limit=settings.SURVEYS_PER_YEAR),
            now=at,
            limit=settings.SURVEYS_PER_YEAR,
        ),
        last_asked_at=max(sends, default=None),
        occasion=_occasion(campaign, respondent, at=at),
    )


def _occasion(campaign: Campaign, respondent: Respondent, *, at: dt.datetime) -> Occasion | None:
    if not campaign.goes_on:
        return None
    occasions = Occasions(campaign, now=at)
    occasions.read([(respondent.pk, respondent.customer_id)])
    return occasions.next(respondent.pk, respondent.person_id)


def _was_active(customer: Customer | None, *, day: dt.date) -> bool:
    """Who is known without a customer is outside every audience anyway."""
    if customer is None:
        return True
    has_started = customer.started_on is None or customer.started_on <= day
    return has_started and (customer.churned_on is None or customer.churned_on > day)


def _sends(person_ids: Sequence[int], *, at: dt.datetime) -> list[dt.datetime]:
    rows = Invitation.objects.filter(person__in=person_ids, state__in=COUNTED)
    counted = rows.annotate(asked_at=ASKED_AT).filter(asked_at__lte=at)
    return list(counted.values_list("asked_at", flat=True))


def _suppression(person_ids: Sequence[int], *, at: dt.datetime) -> SuppressionReason | None:
    in_force = Q(lifted_at__isnull=True) | Q(lifted_at__gt=at)
    rows = Suppression.objects.filter(in_force, person__in=person_ids, created_at__lte=at)
    return strongest([SuppressionReason(each) for each in rows.values_list("reason", flat=True)])
