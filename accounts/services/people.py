"""Persons by address: every spelling of one mailbox is one person, an erased one included."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings

from accounts.models import Customer, Person, Respondent
from accounts.queries.merges import kept_ids, members_of
from accounts.services.bulk import upsert


def persons_for(mail_keys: Collection[str]) -> dict[str, int]:
    """Person ids by mail key; unknown ones are made."""
    found = find_persons(mail_keys)
    missing = sorted(set(mail_keys) - set(found))
    if missing:
        # Somebody else may make the same person meanwhile: theirs is then found below.
        upsert([Person(mail_key=key) for key in missing], unique=["mail_key"], update=[])
        found |= _ids(missing)
    return found


def find_persons(mail_keys: Collection[str]) -> dict[str, int]:
    """Person ids by mail key, of those we know; erased persons are found by the hash of theirs."""
    return _ids(mail_keys) | erased_persons(mail_keys)


def merged_keys(mail_keys: Iterable[str]) -> set[str]:
    """Those of persons who turned out to be somebody else."""
    merged = Person.objects.filter(mail_key__among=list(mail_keys), merged_into__isnull=False)
    return set(merged.values_list("mail_key", flat=True))


def erased_persons(mail_keys: Iterable[str]) -> dict[str, int]:
    if not Person.objects.filter(erased_at__isnull=False).exists():
        return {}
    hashed = {erased: key for key in mail_keys for erased in _erased_keys(key)}
    return {hashed[erased]: pk for erased, pk in _ids(hashed).items()}


def erased_key(key: str) -> str:
    """What an erased person's mail key is replaced by."""
    return _erased_key(key, secret=settings.SECRET_KEY)


def _erased_keys(key: str) -> Iterator[str]:
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield _erased_key(key, secret=secret)


def _erased_key(key: str, *, secret: str) -> str:
    digest = hmac.new(secret.encode(), f"koe erased {key}".encode(), hashlib.sha256)
    return f"erased:{digest.hexdigest()}"


def _ids(mail_keys: Iterable[str]) -> dict[str, int]:
    known = Person.objects.filter(mail_key__among=list(mail_keys))
    found = dict(known.values_list("mail_key", "pk"))
    kept = kept_ids(found.values())
    return {key: kept[pk] for key, pk in found.items()}


@dataclass(frozen=True, slots=True)
class Answerer:
    """Someone who answered, at the customer (its primary key) they were said to be at, if any."""

    mail_key: str
    email: str
    customer: int | None
    language: str


def respondents_for(wanted: Sequence[Answerer]) -> list[Respondent]:
    """A respondent for each, with its customer loaded; made where the person was not known there.

    Without a customer it is the person's first one, else a respondent whose customer is not known.
    """
    persons = persons_for({each.mail_key for each in wanted})
    places: dict[int, dict[int | None, Respondent]] = {pk: {} for pk in persons.values()}
    known = Respondent.objects.filter(person__in=places).select_related("customer")
    for found in known.order_by("pk"):
        places[found.person_id][found.customer_id] = found
    customers = Customer.objects.in_bulk({each.customer for each in wanted if each.customer})
    made: list[Respondent] = []
    chosen: list[Respondent] = []
    for each in wanted:
        person = persons[each.mail_key]
        respondent = _respondent_at(places[person], each.customer)
        if respondent is None:
            respondent = Respondent(
                person_id=person,
                customer=None if each.customer is None else customers[each.customer],
                email=each.email,
                language=each.language or settings.LANGUAGE_CODE,
            )
            places[person][each.customer] = respondent
            made.append(respondent)
        chosen.append(respondent)
    Respondent.objects.bulk_create(made)
    return chosen


def _respondent_at(places: dict[int | None, Respondent], customer: int | None) -> Respondent | None:
    if customer is not None:
        return places.get(customer)
    at_customers = (each for known, each in places.items() if known is not None)
    return next(at_customers, places.get(None))


class RespondentIds:
    """Primary keys of respondents by customer id and mail key, each asked for once per import."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], int] = {}

    def find(self, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
        missing = {each for each in wanted if each[1] and each not in self._known}
        if missing:
            # By any address that the person was known by.
            persons = find_persons({key for _, key in missing})
            members = members_of(persons.values())
            found = Respondent.objects.filter(
                customer__customer_id__in={customer for customer, _ in missing},
                person__in=members,
            )
            rows = found.values_list("customer__customer_id", "person", "pk")
            places = {(customer, members[person]): pk for customer, person, pk in rows}
            for customer, key in missing:
                if pk := places.get((customer, persons.get(key, 0))):
                    self._known[customer, key] = pk
        return self._known


class CustomerIds:
    """Primary keys by customer id, each asked of the database once per import."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}
        # Ids of digits alone by those that count; read where an id is not known.
        self._by_digits: dict[str, str] | None = None

    def but_for_zeros(self, unknown: Iterable[str]) -> dict[str, str]:
        """The known ids that differ from unknown ones by leading zeros only.

        What was asked for counts as known afterwards: a file may have both forms.
        """
        found: dict[str, str] = {}
        for each in unknown:
            if not (each.isascii() and each.isdecimal()):
                continue
            if self._by_digits is None:
                ids = Customer.objects.values_list("customer_id", flat=True).order_by("pk")
                digits = (one for one in ids.iterator() if one.isascii() and one.isdecimal())
                self._by_digits = {one.lstrip("0"): one for one in digits}
            known = self._by_digits.setdefault(each.lstrip("0"), each)
            if known != each:
                found[each] = known
        return found

    def find(self, customer_ids: Iterable[str]) -> dict[str, int]:
        # Not the difference of two sets: that goes through all that is known.
        missing = {each for each in customer_ids if each not in self._known}
        if missing:
            found = Customer.objects.filter(customer_id__in=missing)
            self._known.update(found.values_list("customer_id", "pk"))
        return self._known
