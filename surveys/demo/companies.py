"""Companies of a demo world: who they are, how content they are, what they pay, when they leave."""

from __future__ import annotations

import calendar
import datetime as dt
import math
from dataclasses import dataclass, field
from random import Random

from surveys.demo import words
from surveys.demo.shape import Company

# Contract: share, contentment, monthly risk of leaving, monthly revenue in yen, seats.
CONTRACTS = {
    "starter": (50, -0.35, 0.0155, (18_000, 75_000), (3, 25)),
    "business": (35, 0.05, 0.0095, (90_000, 420_000), (20, 140)),
    "enterprise": (15, 0.35, 0.0055, (500_000, 2_800_000), (120, 900)),
}
PLANS = {"standard": 55, "professional": 30, "pay-as-you-go": 15}
SEASONAL = {"Retail": 12, "Food": 12, "Travel": 8, "Education": 4}
LEAVING_LAG = 2
USUAL_USAGE = 3.2


@dataclass(frozen=True, slots=True)
class Window:
    """The months of the world; the last one is that of `now`."""

    now: dt.datetime
    months: int

    @property
    def today(self) -> dt.date:
        return self.now.date()

    @property
    def firsts(self) -> list[dt.date]:
        """The first day of each month, beginning with one before the window."""
        return [
            add_months(self.today.replace(day=1), -ago) for ago in range(self.months + 1, -1, -1)
        ]


def add_months(first: dt.date, months: int) -> dt.date:
    index = first.year * 12 + first.month - 1 + months
    return dt.date(index // 12, index % 12 + 1, 1)


def end_of(first: dt.date) -> dt.date:
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


@dataclass(slots=True)
class Names:
    """Coined company names; one that was drawn before gets a number."""

    used: dict[str, int] = field(default_factory=dict)

    def draw(self, rng: Random, *, language: str, industry: str) -> tuple[str, str]:
        japanese, latin, english = words.INDUSTRIES[industry]
        if language == "ja":
            (head, head_latin), (tail, tail_latin) = (
                rng.choice(words.JA_BEGINNINGS),
                rng.choice(words.JA_ENDINGS),
            )
            form = rng.choice(("株式会社{}", "{}株式会社"))
            name, domain = (
                form.format(f"{head}{tail}{japanese}"),
                f"{head_latin}{tail_latin}-{latin}",
            )
        else:
            coined = f"{rng.choice(words.EN_BEGINNINGS)}{rng.choice(words.EN_ENDINGS)}"
            name = f"{coined} {english}"
            domain = f"{coined}-{english}".lower()
        count = self.used[domain] = self.used.get(domain, 0) + 1
        if count > 1:
            name, domain = f"{name} {count}", f"{domain}{count}"
        return name, f"{domain}.example"


def draw_company(rng: Random, *, number: int, names: Names, window: Window) -> Company:
    attributes, seats, content = _attributes(rng)
    language, zone, _ = words.REGIONS[attributes["region"]]
    name, domain = names.draw(rng, language=language, industry=attributes["industry"])
    company = Company(
        customer_id=f"C{number:05d}",
        name=name,
        domain=domain,
        language=language,
        time_zone=zone,
        owner_email=rng.choices(words.OWNERS, (4, 3, 3))[0],
        seats=seats,
        started_on=_start(rng, window=window),
        churned_on=None,
        versions=[],
        revenue=[],
        mood=_moods(rng, content=content, window=window),
        closeness=0.5 * content + rng.gauss(0, 0.7),
    )
    company.churned_on = _leaving(
        rng, company=company, risk=CONTRACTS[attributes["contract"]][2], window=window
    )
    company.versions = _versions(rng, company=company, attributes=attributes, window=window)
    company.revenue = _revenue(rng, company=company, window=window)
    return company


def _attributes(rng: Random) -> tuple[dict[str, str], int, float]:
    """What kind of company it is, its seats, and how content that kind is: small and idle ones
    least."""
    contract = _weighted(rng, shares={name: row[0] for name, row in CONTRACTS.items()})
    usage = min(max(rng.lognormvariate(math.log(USUAL_USAGE), 0.6), 0.2), 14.0)
    content = CONTRACTS[contract][1] + 0.55 * math.log(usage / USUAL_USAGE) + rng.gauss(0, 0.55)
    attributes = {
        "contract": contract,
        "plan": _weighted(rng, shares=PLANS),
        "region": _weighted(rng, shares={name: row[2] for name, row in words.REGIONS.items()}),
        "industry": rng.choice(list(words.INDUSTRIES)),
        "usage_per_seat": f"{usage:.1f}",
    }
    return attributes, rng.randint(*CONTRACTS[contract][4]), content


def _weighted(rng: Random, *, shares: dict[str, int]) -> str:
    return rng.choices(list(shares), list(shares.values()))[0]


def _start(rng: Random, *, window: Window) -> dt.date:
    """Three in four were with us before the window, the others joined in it."""
    first = window.firsts[1]
    if rng.random() < 0.74:
        return first - dt.timedelta(days=int(min(rng.expovariate(1 / 700), 3200)) + 1)
    return first + dt.timedelta(days=rng.randrange(max((window.today - first).days - 20, 1)))


def _moods(rng: Random, *, content: float, window: Window) -> dict[dt.date, float]:
    mood = content + rng.gauss(0, 0.35)
    moods = {}
    for first in window.firsts:
        mood = content + 0.88 * (mood - content) + rng.gauss(0, 0.3)
        # Now and then something goes wrong, and it takes months until that is forgotten.
        if rng.random() < 0.018:
            mood -= rng.uniform(1.0, 2.0)
        moods[first] = mood
    return moods


def _leaving(rng: Random, *, company: Company, risk: float, window: Window) -> dt.date | None:
    """The month's risk follows how content they were two months ago, so scores come first."""
    firsts = window.firsts
    earliest = add_months(company.started_on.replace(day=1), 2)
    for index, first in enumerate(firsts[1:], start=1):
        before = company.mood[firsts[max(index - LEAVING_LAG, 0)]]
        # Some leave for reasons that have nothing to do with us.
        chance = risk * (0.9 + 0.5 * math.exp(-0.95 * before - 0.5 * company.closeness))
        if first >= earliest and rng.random() < chance:
            day = end_of(first) if rng.random() < 0.7 else first + dt.timedelta(rng.randrange(28))
            return day if day <= window.today else None
    return None


def _versions(
    rng: Random, *, company: Company, attributes: dict[str, str], window: Window
) -> list[tuple[dt.date, dict[str, str]]]:
    """Usage moves with contentment, and a content starter may take a larger plan."""
    known = max(company.started_on, window.firsts[0])
    versions = [(known, attributes)]
    for first in window.firsts[1:]:
        if first <= known or not company.is_active_on(first) or first.month % 6 != 4:
            continue
        mood = company.mood[first]
        factor = math.exp(0.12 * mood + rng.gauss(0, 0.1))
        usage = min(max(float(versions[-1][1]["usage_per_seat"]) * factor, 0.2), 14.0)
        changed = {**versions[-1][1], "usage_per_seat": f"{usage:.1f}"}
        if changed["plan"] == "standard" and mood > 0.6 and rng.random() < 0.15:
            changed["plan"] = "professional"
        versions.append((first, changed))
    return versions


def _revenue(rng: Random, *, company: Company, window: Window) -> list[tuple[dt.date, int]]:
    """What was in force at the end of each full month; rounded to a thousand yen."""
    attributes = company.attributes
    base = float(rng.randint(*CONTRACTS[attributes["contract"]][3]))
    found = []
    for first in window.firsts[:-1]:
        day = end_of(first)
        if rng.random() < 0.035 * math.exp(0.5 * company.mood[first]):
            base *= rng.uniform(1.06, 1.3)
        elif rng.random() < 0.022 * math.exp(-0.6 * company.mood[first]):
            base *= rng.uniform(0.7, 0.93)
        season = _season(first, attributes=attributes)
        if company.is_active_on(day):
            found.append((first, max(round(base * season / 1000), 1) * 1000))
    return found


def _season(first: dt.date, *, attributes: dict[str, str]) -> float:
    peak = SEASONAL.get(attributes["industry"])
    if attributes["plan"] != "pay-as-you-go" or peak is None:
        return 1.0
    return 1.0 + 0.15 * math.cos((first.month - peak) * math.pi / 6)
