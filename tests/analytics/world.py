"""Rows for the tests of reports, made in one line each."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from accounts.models import (
    Customer,
    CustomerVersion,
    Dimension,
    ImportedFact,
    MonthlyRevenue,
    Person,
    Respondent,
)
from accounts.services.segments import current_attributes, profile_ids
from analytics.domain.periods import last_12_months
from analytics.queries.filters import Compare, Filters
from surveys.models import Campaign, Invitation, Response, ResponseChange

_numbers = itertools.count(1)


def make_dimension(name: str, *, source: str = "customer", **fields: Any) -> Dimension:
    return Dimension.objects.create(name=name, source=source, **{"attribute": name, **fields})


def make_customer(*, mrr: Mapping[str, float] | None = None, **fields: Any) -> Customer:
    """`mrr` by month: {"2026-03": 100}. Values other than the model's own are attributes."""
    own = {"customer_id", "name", "owner_email", "started_on", "churned_on"}
    attributes = {name: value for name, value in fields.items() if name not in own}
    given = {name: value for name, value in fields.items() if name in own}
    for name in ("started_on", "churned_on"):
        if isinstance(given.get(name), str):
            given[name] = dt.date.fromisoformat(given[name])
    given.setdefault("customer_id", f"c{next(_numbers)}")
    tell_of_churn()
    customer = Customer.objects.create(**given, attributes=attributes)
    for month, amount in (mrr or {}).items():
        MonthlyRevenue.objects.create(
            customer=customer, month=dt.date.fromisoformat(f"{month}-01"), mrr=amount
        )
    return customer


def tell_of_churn(*, until: dt.date = dt.date(2199, 12, 31)) -> None:
    """As if every file of customers had the column churned_on."""
    ImportedFact.objects.update_or_create(
        fact="churn", defaults={"first_on": until, "last_on": until}
    )


def make_version(customer: Customer, known_from: str, **attributes: str) -> CustomerVersion:
    day = dt.date.fromisoformat(known_from)
    return CustomerVersion.objects.create(customer=customer, known_from=day, attributes=attributes)


def make_respondent(customer: Customer | None = None, **fields: Any) -> Respondent:
    key = f"p{next(_numbers)}@example.com"
    person = Person.objects.create(mail_key=key)
    fields.setdefault("language", "en")
    return Respondent.objects.create(person=person, customer=customer, email=key, **fields)


def make_campaign(**fields: Any) -> Campaign:
    slug = fields.pop("slug", f"campaign-{next(_numbers)}")
    return Campaign.objects.create(slug=slug, name=fields.pop("name", slug), **fields)


def ask(
    respondent: Respondent,
    campaign: Campaign,
    *,
    sent: str | None = "2026-04-10T12:00+00:00",
    state: str = "sent",
    **fields: Any,
) -> Invitation:
    """An invitation with the respondent's values of now frozen on it."""
    moment = None if sent is None else dt.datetime.fromisoformat(sent)
    [values] = current_attributes([respondent], day=(moment or timezone.now()).date())
    fields.setdefault("language", respondent.language)
    fields.setdefault("claimed_at", moment)
    return Invitation.objects.create(
        campaign=campaign,
        respondent=respondent,
        person=respondent.person,
        state=state,
        sent_at=moment,
        attributes=values,
        profile_id=profile_ids([values])[0],
        **fields,
    )


def answer(
    invitation: Invitation,
    score: int,
    *,
    at: str = "2026-04-11T12:00+00:00",
    suspect: bool = False,
    comment: str = "",
    extra: Mapping[str, Any] | None = None,
) -> Response:
    moment = dt.datetime.fromisoformat(at)
    response = Response.objects.create(
        invitation=invitation,
        score=score,
        answered_at=moment,
        changed_at=moment,
        suspect=suspect,
        comment=comment,
        extra=extra or {},
        language=invitation.language,
    )
    ResponseChange.objects.create(
        response=response, at=moment, score_after=None if suspect else score, comment=comment
    )
    return response


def change(response: Response, *, score: int | None = None, suspect: bool | None = None) -> None:
    """What answering does to a response and its ledger."""
    before = None if response.suspect else response.score
    response.score = response.score if score is None else score
    response.suspect = response.suspect if suspect is None else suspect
    response.save()
    ResponseChange.objects.create(
        response=response,
        at=response.answered_at,
        score_before=before,
        score_after=None if response.suspect else response.score,
    )


def give_scores(customer: Customer, campaign: Campaign, *scores: int, **fields: Any) -> None:
    """One new respondent of the customer per score."""
    asked = {name: fields.pop(name) for name in ("sent",) if name in fields}
    given = {name: fields.pop(name) for name in ("at",) if name in fields}
    for score in scores:
        answer(ask(make_respondent(customer, **fields), campaign, **asked), score, **given)


def give_scores_apart(
    campaign: Campaign, *scores: int, customer: Mapping[str, Any] | None = None, **fields: Any
) -> None:
    """Each score by a respondent of a new customer: answers of one customer say less."""
    for score in scores:
        give_scores(make_customer(**(customer or {})), campaign, score, **fields)


def satisfaction_campaign(key: str = "support", **fields: Any) -> Campaign:
    question = {"key": key, "kind": "csat", "label": {"en": "Satisfied?", "ja": "満足？"}}
    return make_campaign(questions=[question], **fields)


def give_satisfaction(
    campaign: Campaign, *given: Any, score: int = 9, key: str = "support", **fields: Any
) -> None:
    """Each by a respondent of a new customer; `fields` are the customer's, or `sent` and `at`."""
    asked = {name: fields.pop(name) for name in ("sent",) if name in fields}
    when = {name: fields.pop(name) for name in ("at",) if name in fields}
    for each in given:
        invitation = ask(make_respondent(make_customer(**fields)), campaign, **asked)
        answer(invitation, score, extra={key: each}, **when)


def followed(*, score: int | None, stays: int, leaves: int, mrr: float) -> None:
    """Customers asked on April 10; those who leave do so 60 days after the landmark of May 10."""
    campaign = make_campaign()
    for place in range(stays + leaves):
        gone = dt.date(2026, 7, 9) if place < leaves else None
        customer = make_customer(churned_on=gone, mrr={"2026-11": 0 if gone else mrr})
        invitation = ask(make_respondent(customer), campaign)
        if score is not None:
            answer(invitation, score)


def answers_in(month: int, *scores: int) -> None:
    """Asked on the first of the month of 2026 and answered on the 15th."""
    give_scores_apart(
        Campaign.objects.first() or make_campaign(),
        *scores,
        sent=f"2026-{month:02}-01T12:00+00:00",
        at=f"2026-{month:02}-15T12:00+00:00",
    )


def three_bands() -> None:
    """Customers in bands of their seats, asked in April; the seats of one are no number."""
    bands = {"thresholds": ["10", "100"], "labels": ["small", "middle", "large"]}
    make_dimension("size", attribute="seats", bands=bands)
    campaign = make_campaign()
    for seats, scores in (
        ("5", [0] * 6 + [9] * 6),
        ("50", [9] * 12),
        ("500", [0] * 12),
        ("x", [9]),
    ):
        customer = {"seats": seats, "started_on": dt.date(2025, 1, 1), "mrr": {"2026-03": 10}}
        give_scores_apart(campaign, *scores, customer=customer)


def yearly(today: dt.date) -> Filters:
    """What the overview asks for where nobody chose."""
    return Filters(last_12_months(today), compare=Compare.PREVIOUS)
