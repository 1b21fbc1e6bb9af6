"""Reads for the lists and pages of customers and respondents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from accounts.models import Customer, MonthlyRevenue, Person, Respondent, Suppression
from accounts.queries.customers.owners import accounts_of
from accounts.queries.merges import members_of
from accounts.queries.money.completeness import month_looks_incomplete
from accounts.queries.money.revenue import billed
from accounts.queries.search import has_words
from surveys.domain.states import COUNTED, UNFINISHED, WITHOUT_MAIL
from surveys.models import Campaign, Invitation, Response, Slot
from surveys.models.invitations import ASKED_AT

SORTS = {"name": ("name", "pk"), "email": ("email", "pk"), "customer": ("customer__name", "pk")}
CAMPAIGNS_EXPLAINED = 10
AT_ONCE = 500


@dataclass(frozen=True)
class RespondentFilter:
    """What to show; an empty field asks for nothing."""

    text: str = ""
    customer: str = ""
    language: str = ""
    state: str = ""
    # The address of the CS member whose accounts' respondents alone are shown.
    owner: str = ""
    sort: str = "name"


def respondents(wanted: RespondentFilter) -> QuerySet[Respondent]:
    condition = has_words(wanted.text, fields=["name", "email"])
    if wanted.customer:
        condition &= Q(customer__customer_id=wanted.customer)
    if wanted.language:
        condition &= Q(language=wanted.language)
    if wanted.owner:
        condition &= Q(customer__in=accounts_of(wanted.owner))
    return Respondent.objects.filter(condition, _mailed(wanted.state))


def _mailed(state: str) -> Any:
    stopped = Exists(Suppression.objects.active().filter(person=OuterRef("person")))
    return {"stopped": Q(stopped), "mailed": ~Q(stopped)}.get(state, Q())


def in_order(found: QuerySet[Respondent], *, sort: str) -> QuerySet[Respondent]:
    names = SORTS.get(sort.removeprefix("-"), SORTS["name"])
    falling = sort.startswith("-")
    return found.order_by(*(f"-{name}" if falling else name for name in names))


def respondent_rows(ids: Sequence[int]) -> list[dict[str, Any]]:
    """The respondents of a page, in its order, with when they were last asked and their score."""
    chosen = Respondent.objects.filter(pk__in=ids).select_related("customer", "person")
    rows = {row.pk: row for row in chosen}
    asked = dict(
        Invitation.objects.filter(respondent__in=ids, state__in=COUNTED)
        .order_by()
        .values_list("respondent")
        .annotate(at=Max(ASKED_AT))
    )
    answers = Response.objects.counted().filter(invitation__respondent__in=ids)
    scores = {
        response.invitation.respondent_id: response
        for response in answers.with_category()
        .select_related("invitation")
        .order_by("answered_at", "pk")
    }
    stopped = set(
        Suppression.objects.active()
        .filter(person__respondents__in=ids)
        .values_list("person_id", flat=True)
    )
    return [
        {
            "respondent": rows[pk],
            "asked_at": asked.get(pk),
            "response": scores.get(pk),
            "stopped": rows[pk].person_id in stopped,
        }
        for pk in ids
        if pk in rows
    ]


# In the order of the page; the ids of both stand behind.
WRITTEN = (
    "name", "email", "mail_state", "customer", "role", "language", "time_zone", "last_asked_at",
    "last_score", "customer_id",
)  # fmt: skip


def written_rows(ids: Sequence[int], *, stopped: str, mailed: str) -> Iterator[list[Any]]:
    """What the list says of each, for its file; the words for who is e-mailed and who is not."""
    for start in range(0, len(ids), AT_ONCE):
        for row in respondent_rows(ids[start : start + AT_ONCE]):
            of, response = row["respondent"], row["response"]
            customer = of.customer
            yield [
                of.name, of.email, stopped if row["stopped"] else mailed,
                customer and customer.name,
                of.role, of.language, of.time_zone, row["asked_at"], response and response.score,
                customer and customer.customer_id,
            ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Billed:
    """None: no rate is known for one of its currencies, or the month looks incomplete."""

    mrr: Decimal | None
    currency: str


def kept_person(person: Person) -> Person:
    """The person this one turned out to be, where two were merged."""
    while person.merged_into:
        person = person.merged_into
    return person


def family(person: Person) -> list[int]:
    """The ids under which a kept person is known: their own, and those merged into it."""
    return list(members_of([person.pk]))


def invitations_of(person_ids: Sequence[int]) -> QuerySet[Invitation]:
    return (
        Invitation.objects.filter(person__in=person_ids)
        .select_related("campaign", "response", "intent")
        .prefetch_related("attempts", "delivery_events", "response__changes")
        .order_by("pk")
    )


def slots_of(person: Person) -> QuerySet[Slot]:
    return Slot.objects.filter(person=person).select_related("held_by__campaign").order_by("number")


def open_campaigns() -> QuerySet[Campaign]:
    """Those of whom one may ask why somebody is not asked, newest first."""
    return Campaign.objects.filter(state__in=UNFINISHED).order_by("-pk")[:CAMPAIGNS_EXPLAINED]


def other_campaigns(shown: Sequence[int]) -> QuerySet[Campaign]:
    """The others, newest first, without the texts of their mails."""
    found = Campaign.objects.exclude(pk__in=shown).exclude(state__in=WITHOUT_MAIL)
    return found.order_by("-pk").defer("wording", "questions")


def revenue_of(customer: Customer, *, months: int) -> list[tuple[dt.date, Billed | None]]:
    """The last months up to the latest that is known for anybody; None where there was none."""
    latest = MonthlyRevenue.objects.aggregate(month=Max("month"))["month"]
    if latest is None:
        return []
    wanted = [_months_before(latest, back) for back in range(months - 1, -1, -1)]
    paid = billed([customer.pk], months=wanted)
    known = {month: Billed(*amount) for (_, month), amount in paid.items()}
    if not known:
        return []
    found = [(month, known.get(month)) for month in wanted if month >= min(known)]
    not_told = _months_not_told(customer, found)
    return [(month, Billed(None, "") if month in not_told else paid) for month, paid in found]


def _months_not_told(
    customer: Customer, revenue: Sequence[tuple[dt.date, Billed | None]]
) -> set[dt.date]:
    """Of those without a row: where so many others have none either that the file was cut."""
    gone = customer.churned_on
    found: set[dt.date] = set()
    for (before, paid), (month, now) in pairwise(revenue):
        if now is not None or (gone is not None and gone.replace(day=1) <= month):
            continue
        # A second cut file in a row lacks nobody that the first one had.
        was_cut = before in found
        if was_cut or (paid and paid.mrr != 0 and month_looks_incomplete(month)):
            found.add(month)
    return found


def _months_before(month: dt.date, back: int) -> dt.date:
    number = month.year * 12 + month.month - 1 - back
    return dt.date(number // 12, number % 12 + 1, 1)


def responses_of(customer: Customer, *, at_most: int) -> list[Response]:
    found = Response.objects.with_category().filter(invitation__respondent__customer=customer)
    return list(found.select_related("invitation__respondent", "invitation__campaign")[:at_most])
