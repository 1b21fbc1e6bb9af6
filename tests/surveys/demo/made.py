"""Demo worlds for the tests of their parts."""

from __future__ import annotations

import datetime as dt

from surveys.demo import world
from surveys.demo.shape import Answer, Asked, Company, Contact, Sizes

NOW = dt.datetime(2026, 11, 22, 3, 0, tzinfo=dt.UTC)
USUAL = Sizes()
SMALL = Sizes(customers=150, respondents=430, responses=750)
LARGE = Sizes(customers=1500, respondents=4400, responses=7500)
World = list[tuple[Company, list[Contact]]]


def make(sizes: Sizes = USUAL, *, seed: int = 2026, now: dt.datetime = NOW) -> World:
    plans = world.campaigns(sizes, now=now, in_local_inbox=True)
    return list(world.companies(sizes, plans=plans, seed=seed, now=now))


def contacts_of(made: World) -> list[Contact]:
    return [contact for _, contacts in made for contact in contacts]


def asked_of(made: World) -> list[Asked]:
    return [asked for contact in contacts_of(made) for asked in contact.asked]


def answers_of(made: World) -> list[Answer]:
    return [asked.answer for asked in asked_of(made) if asked.answer]
