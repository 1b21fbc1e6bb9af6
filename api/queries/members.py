"""Who the people of a project are, by what a request may name them by."""

from __future__ import annotations

from api.domain.values import storable
from api.models import Member, Project
from api.queries.rows import with_id

EMAIL, PHONE = "email:", "phone_number:"


def by_id(project: Project, shown: str) -> Member | None:
    return with_id(Member.objects.of(project), shown)


def by_email(project: Project, email: str) -> Member | None:
    key = email_key(email)
    return Member.objects.of(project).filter(email_key=key).first() if key else None


def by_phone(project: Project, number: str) -> Member | None:
    plain = as_sent(number)
    return Member.objects.of(project).filter(phone_number=plain).first() if plain else None


def identified(project: Project, identifier: str) -> Member | None:
    """A bare id, or with what it is before it."""
    if identifier.startswith(EMAIL):
        return by_email(project, identifier.removeprefix(EMAIL))
    if identifier.startswith(PHONE):
        return by_phone(project, identifier.removeprefix(PHONE))
    return by_id(project, identifier)


def email_key(email: str) -> str:
    return as_sent(email).lower()


def as_sent(text: str) -> str:
    """PHP sends a plus sign as it is, and a query reads it as a space.

    So does a phone number's first one, which is why spaces are not taken off there.
    """
    return storable(text).strip("\t\r\n").replace(" ", "+")
