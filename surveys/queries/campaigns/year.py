"""The next twelve months: what the campaigns that go on would ask, and what is planned already.

Of more people than `SAMPLE` one in so many is looked at, and stands for the others: the page
takes no longer than that.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, F
from django.db.models.functions import Mod, TruncMonth

from accounts.models import Person
from surveys.domain import frequency
from surveys.domain.campaigns.occasions import months_after
from surveys.domain.campaigns.year_ahead import Outcome, Told, Wanted, told_of
from surveys.domain.eligibility import AskingRules, RespondentFacts, stands_outside
from surveys.domain.states import CLAIMABLE, LAUNCHED
from surveys.models import Campaign, Invitation
from surveys.queries.calendar.days import day_of, midnight
from surveys.queries.campaigns.occasions import last_asked
from surveys.queries.campaigns.planning import Facts, asking_rules, busy_slots

MONTHS = 12
SAMPLE = 1000


@dataclass(frozen=True, slots=True)
class Cell:
    asked: int
    capped: int
    reserved: int


@dataclass(frozen=True, slots=True)
class Row:
    campaign: Campaign
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Month:
    first: dt.date
    rows: list[tuple[Campaign, Cell]]
    left: int | None

    @property
    def asked(self) -> int:
        return sum(cell.asked for _campaign, cell in self.rows)

    @property
    def busy(self) -> list[tuple[Campaign, Cell]]:
        """The campaigns that have somebody to ask in it."""
        return [(campaign, cell) for campaign, cell in self.rows if cell != Cell(0, 0, 0)]


@dataclass(frozen=True, slots=True)
class Year:
    """`left`: how many surveys those of campaigns that go on may still be sent at a month's end.

    None where there is no such campaign.
    """

    months: list[dt.date]
    rows: list[Row]
    left: Sequence[int | None]
    # One person in so many was looked at.
    one_in: int = 1

    @property
    def by_month(self) -> list[Month]:
        return [
            Month(day, [(row.campaign, row.cells[number]) for row in self.rows], self.left[number])
            for number, day in enumerate(self.months)
        ]


def year_ahead(*, now: dt.datetime, beside: Campaign | None = None) -> Year:
    """Of the campaigns under way, and of the draft `beside` them; it writes nothing."""
    campaigns = _going_on(beside)
    months = [months_after(day_of(now).replace(day=1), ahead) for ahead in range(MONTHS + 1)]
    end = midnight(months[-1])
    wanted: dict[int, list[Wanted]] = defaultdict(list)
    one_in, people = _people()
    for each in campaigns:
        _add_wanted(wanted, each, people, now=now, end=end)
    counts, sends = _told(wanted, now=now)
    counts = Counter({key: number * one_in for key, number in counts.items()})
    counts.update(_planned(months))
    planned = Campaign.objects.in_bulk(
        {pk for pk, _, _ in counts} - {each.pk for each in campaigns}
    )
    rows = [Row(each, _cells(each, counts, months)) for each in (*campaigns, *planned.values())]
    left = [_left(sends, month) * one_in if campaigns else None for month in months[1:]]
    return Year(months[:-1], rows, left, one_in)


def _people() -> tuple[int, list[int]]:
    """The persons that are looked at, each of whom stands for so many."""
    everybody = Person.objects.filter(merged_into__isnull=True, erased_at__isnull=True)
    one_in = -(-everybody.count() // SAMPLE) or 1
    chosen = everybody.alias(place=Mod(F("pk"), one_in)).filter(place=0)
    return one_in, list(chosen.order_by("pk").values_list("pk", flat=True))


def _going_on(beside: Campaign | None) -> list[Campaign]:
    others = [each for each in Campaign.objects.going_on().order_by("pk") if each != beside]
    return [*others, *([beside] if beside is not None and beside.goes_on else [])]


def _add_wanted(
    wanted: dict[int, list[Wanted]],
    campaign: Campaign,
    people: Sequence[int],
    *,
    now: dt.datetime,
    end: dt.datetime,
) -> None:
    facts = Facts(campaign, now=now, only=people)
    occasions = facts.occasions
    assert occasions is not None  # noqa: S101 - of a campaign that goes on
    last = last_asked(campaign, {"person_id__in": people}, merged=facts.merged)
    rules = asking_rules(campaign)
    for batch, _contacts in facts.batches():
        for each in _first_of_each_person(batch, rules=rules, now=now):
            person = each.person_id
            asked = last.get(person)
            for occasion in occasions.until(each.respondent_id, person, end, asked=asked):
                wanted[person].append(
                    Wanted(campaign.pk or 0, occasion, rules.minimum_gap, campaign.reserves_slot)
                )


def _first_of_each_person(
    batch: Iterable[RespondentFacts], *, rules: AskingRules, now: dt.datetime
) -> list[RespondentFacts]:
    """Of those whom nothing lasting speaks against."""
    found: dict[int, RespondentFacts] = {}
    for each in batch:
        if not stands_outside(each, rules=rules, now=now):
            found.setdefault(each.person_id, each)
    return list(found.values())


def _told(
    wanted: Mapping[int, Sequence[Wanted]], *, now: dt.datetime
) -> tuple[Counter[tuple[int, dt.date, Outcome]], list[list[dt.datetime]]]:
    busy = busy_slots({"person_id__in": list(wanted)}, now=now)
    counts: Counter[tuple[int, dt.date, Outcome]] = Counter()
    sends = []
    for person, occasions in wanted.items():
        asked = frequency.asked_at(busy.get(person, ()), now=now)
        told, then = told_of(asked, occasions, now=now, limit=settings.SURVEYS_PER_YEAR)
        counts.update(map(_key, told))
        sends.append(then)
    return counts, sends


def _key(told: Told) -> tuple[int, dt.date, Outcome]:
    return told.campaign_id, day_of(told.at).replace(day=1), told.outcome


def _planned(months: Sequence[dt.date]) -> Counter[tuple[int, dt.date, Outcome]]:
    """E-mails that wait for their turn, of every campaign."""
    waiting = Invitation.objects.filter(state__in=CLAIMABLE, send_at__isnull=False)
    mailing = waiting.filter(campaign__state__in=LAUNCHED)
    month = TruncMonth("send_at", tzinfo=ZoneInfo(settings.TIME_ZONE))
    by_month = mailing.order_by().values_list("campaign_id", month).annotate(number=Count("pk"))
    counts: Counter[tuple[int, dt.date, Outcome]] = Counter()
    for campaign, first, number in by_month:
        counts[campaign, max(first.date(), months[0]), Outcome.ASKED] += number
    return counts


def _cells(
    campaign: Campaign,
    counts: Mapping[tuple[int, dt.date, Outcome], int],
    months: Sequence[dt.date],
) -> list[Cell]:
    return [
        Cell(*(counts.get((campaign.pk or 0, month, outcome), 0) for outcome in Outcome))
        for month in months[:-1]
    ]


def _left(sends: Iterable[Sequence[dt.datetime]], month: dt.date) -> int:
    end = midnight(month)
    limit = settings.SURVEYS_PER_YEAR
    return sum(
        max(0, limit - sum(end - frequency.WINDOW < each <= end for each in of_one))
        for of_one in sends
    )
