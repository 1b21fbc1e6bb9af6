"""The people at a company who may be asked."""

from __future__ import annotations

from random import Random

from surveys.demo import words
from surveys.demo.shape import Company, Contact


def draw_contacts(rng: Random, *, company: Company, count: int) -> list[Contact]:
    taken: dict[str, int] = {}
    return [
        _contact(rng, company=company, taken=taken, first=number == 0) for number in range(count)
    ]


def _contact(rng: Random, *, company: Company, taken: dict[str, int], first: bool) -> Contact:
    # A Japanese office may have an English speaker, and the other way round.
    language = company.language
    if rng.random() < 0.06:
        language = "en" if language == "ja" else "ja"
    name, local = _name(rng, language=language)
    number = taken[local] = taken.get(local, 0) + 1
    roles = {role: share for role, (_, _, share) in words.ROLES.items()}
    role = "admin" if first else rng.choices(list(roles), list(roles.values()))[0]
    return Contact(
        email=f"{local}{number if number > 1 else ''}@{company.domain}",
        name=name,
        role=role,
        language=language,
        time_zone=company.time_zone,
        temper=rng.gauss(0, 0.7) + words.ROLES[role][0],
    )


def _name(rng: Random, *, language: str) -> tuple[str, str]:
    if language == "ja":
        (family, family_latin), (given, given_latin) = (
            rng.choice(words.JA_FAMILY),
            rng.choice(words.JA_GIVEN),
        )
        return f"{family} {given}", f"{family_latin}.{given_latin}"
    given, family = rng.choice(words.EN_GIVEN), rng.choice(words.EN_FAMILY)
    return f"{given} {family}", f"{given}.{family}".lower()


def share_out(total: int, *, left: int, weight: float) -> int:
    """How many of `total` the next of `left` companies gets: at least one, where possible."""
    if left <= 1:
        return total
    fair = max(round(total / left * weight), 1)
    return min(fair, max(total - (left - 1), 0) or min(total, 1))
