"""A whole demo world, company by company: the same sizes, seed and clock give the same world."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from surveys.demo.asking import RESPONSE_RATE, Asker, Budget
from surveys.demo.companies import Names, Window, draw_company
from surveys.demo.people import draw_contacts, share_out
from surveys.demo.schedule import (
    draft_campaign,
    imported_campaign,
    past_campaigns,
    running_campaign,
)
from surveys.demo.shape import CampaignPlan, Company, Contact, Sizes

# Larger customers have more people who may be asked.
CONTACTS = {"starter": 0.5, "business": 1.15, "enterprise": 2.3}
# What a respondent is asked in the world's campaigns, on average, and the part of all answers that
# may come of it; the others are imported.
ASKED_PER_RESPONDENT = 2.8
OWN_PART = 0.7


@dataclass(frozen=True, slots=True)
class Plans:
    past: list[CampaignPlan]
    running: CampaignPlan
    draft: CampaignPlan
    imported: CampaignPlan

    @property
    def every(self) -> list[CampaignPlan]:
        return [self.imported, *self.past, self.running, self.draft]

    @property
    def asking(self) -> list[CampaignPlan]:
        return [*self.past, self.running]


def campaigns(sizes: Sizes, *, now: dt.datetime, in_local_inbox: bool) -> Plans:
    return Plans(
        past_campaigns(now=now, months=sizes.months),
        running_campaign(now=now, in_local_inbox=in_local_inbox),
        draft_campaign(now=now),
        imported_campaign(),
    )


def companies(
    sizes: Sizes, *, plans: Plans, seed: int, now: dt.datetime
) -> Iterator[tuple[Company, list[Contact]]]:
    rng = Random(seed)  # noqa: S311 - a world to look at, not a secret
    window, names = Window(now, sizes.months), Names()
    budget = Budget(sizes.responses, _rate(sizes))
    people_left = sizes.respondents
    for number in range(1, sizes.customers + 1):
        company = draw_company(rng, number=number, names=names, window=window)
        left = sizes.customers - number + 1
        count = share_out(people_left, left=left, weight=CONTACTS[company.attributes["contract"]])
        people_left -= count
        contacts = draw_contacts(rng, company=company, count=count)
        askers = [Asker(rng, company, contact, budget, now) for contact in contacts]
        for asker in askers:
            for plan in plans.asking:
                asker.ask(plan)
        # Imported answers make up the number, spread evenly over all respondents.
        later = sizes.responses * people_left // max(sizes.respondents, 1)
        _fill_up(askers, budget=budget, down_to=later, plan=plans.imported)
        yield company, contacts


def _rate(sizes: Sizes) -> float:
    expected = sizes.respondents * ASKED_PER_RESPONDENT * RESPONSE_RATE
    return RESPONSE_RATE * min(1.0, OWN_PART * sizes.responses / max(expected, 1))


def _fill_up(askers: list[Asker], *, budget: Budget, down_to: int, plan: CampaignPlan) -> None:
    for number in range(max(budget.answers - down_to, 0) if askers else 0):
        askers[number % len(askers)].answer_elsewhere(plan)
        budget.answers -= 1
