"""What somebody is told of an answer because a rule for alerts says so."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from actions.domain.alerts.rules import concerns
from actions.domain.deliveries.notes import Note
from actions.models import AlertRule, Delivery
from actions.services.alerts.answers import Facts, context_of, facts_of, response_url
from actions.services.deliveries.mails import compose
from common.templatetags.koe import money
from surveys.domain.answers.scoring import category


def mail(delivery: Delivery, now: dt.datetime) -> EmailMultiAlternatives | None:
    reader, found = delivery.staff, _still_so(delivery, now=now)
    if found is None or reader is None or not reader.is_active:
        return None
    facts, rule = found
    context = context_of(facts, reader=reader, url=response_url(facts.response))
    # What is to be done about it is its owner's.
    context |= {"follow_up": None, "rule": rule}
    return compose("follow_up", context, to=reader.email, reader=reader)


def note(delivery: Delivery, now: dt.datetime) -> Note | None:
    """Without addresses: who reads along in a channel is not ours to know."""
    found = _still_so(delivery, now=now)
    if found is None:
        return None
    facts, rule = found
    return Note(
        title=title_of(facts),
        words=facts.response.comment,
        facts=lines_of(facts),
        url=response_url(facts.response),
        link=_("Open the response"),
        data={"rule": rule.name, **data_of(facts)},
    )


def _still_so(delivery: Delivery, *, now: dt.datetime) -> tuple[Facts, AlertRule] | None:
    """A rule that was deleted or put out of use meanwhile tells nobody; nor does another answer."""
    rule = AlertRule.objects.filter(pk=delivery.payload["rule"], is_active=True).first()
    facts = facts_of(delivery.payload["response"], now=now) if rule else None
    if rule is None or facts is None:
        return None
    said = facts.response
    fires = concerns(rule.asks, score=said.score, has_comment=bool(said.comment.strip()))
    return (facts, rule) if fires else None


def title_of(facts: Facts) -> str:
    who = facts.customer or facts.respondent.name or _("A respondent")
    return _("%(customer)s answered %(score)s of 10") % {
        "customer": who,
        "score": facts.response.score,
    }


def lines_of(facts: Facts) -> tuple[tuple[str, str], ...]:
    """Only what is known."""
    lines = [(_("Respondent"), facts.respondent.name)]
    if facts.customer is not None:
        lines += [
            (_("MRR"), _money(facts.customer)),
            (_("Renews"), _day(facts.customer.renews_on)),
            (_("Health"), _health(facts)),
        ]
    owner = facts.follow_up.owner if facts.follow_up else None
    lines.append((_("Owner"), owner.name if owner else ""))
    return tuple((label, value) for label, value in lines if value)


def _money(customer: Any) -> str:
    return "" if customer.mrr_now is None else str(money(customer.mrr_now, customer.currency))


def _day(day: dt.date | None) -> str:
    return date_format(day, "SHORT_DATE_FORMAT") if day else ""


def _health(facts: Facts) -> str:
    # Only here: it needs pandas, and all workers import this module.
    from analytics.labels import band_label

    known = facts.health
    return (
        f"{band_label(known.band)} {known.score:.0f}"
        if known and known.band and known.score is not None
        else ""
    )


def data_of(facts: Facts) -> dict[str, Any]:
    """For programs, without addresses."""
    response, customer = facts.response, facts.customer
    return {
        "response": {
            "id": response.pk,
            "score": response.score,
            "category": category(response.score).value,
            "comment": response.comment,
            "language": response.language,
            "answered_at": response.answered_at.isoformat(),
            "respondent": facts.respondent.name,
            "url": response_url(response),
        },
        "customer": None if customer is None else {
            "customer_id": customer.customer_id,
            "name": customer.name,
            "mrr": None if customer.mrr_now is None else str(customer.mrr_now),
            "currency": customer.currency,
            "renews_on": customer.renews_on.isoformat() if customer.renews_on else None,
            "health_band": facts.health.band if facts.health else None,
        },
        "follow_up": facts.follow_up.pk if facts.follow_up else None,
    }  # fmt: skip
