"""Searches of all history for what must never have happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Person
from surveys.domain.frequency import WINDOW
from surveys.domain.reasons import WITHOUT_MAIL, InvitationReason
from surveys.domain.states import COUNTED, InvitationState
from surveys.models import Attempt, Invitation, ResponseChange, Sender
from surveys.models.invitations import ASKED_AT

# The promise that is proved, also where an organisation has since chosen one survey a year.
ALLOWED = 2
KEPT = 20


@dataclass(frozen=True, slots=True)
class Send:
    at: dt.datetime
    # When it was decided to send it: what is merged while the mail is on its way comes too late.
    decided_at: dt.datetime
    person_id: int
    # Of an imported invitation; None: our own.
    imported: int | None


@dataclass(frozen=True, slots=True)
class Violation:
    person_id: int
    sent_at: tuple[dt.datetime, ...]


@dataclass(slots=True)
class FrequencyProof:
    """How much history was looked through, and the first of the violations it holds."""

    persons: int = 0
    sends: int = 0
    violations: int = 0
    # Runs that no e-mail of ours made: another system's, or known only after ours had left.
    history: int = 0
    first: list[Violation] = field(default_factory=list)


def frequency_violations() -> FrequencyProof:
    """Every run of counted sends to one person, one more than allowed, within one window.

    Counted is what was sent or may have been. A run is ours if its last mail is, and was claimed
    when all the others were known of; else it is history's: another system's doing, or told by an
    import after our mail had left. Where two persons were merged, a run counts if all of it was
    sent to what was known to be one person when its last mail was claimed.
    """
    proof = FrequencyProof()
    identities = _Identities()
    for person_id, sends in _histories(identities):
        proof.persons += 1
        proof.sends += len(sends)
        for run, ours in _runs(sends, identities):
            if not ours:
                proof.history += 1
                continue
            proof.violations += 1
            if len(proof.first) < KEPT:
                proof.first.append(Violation(person_id, tuple(send.at for send in run)))
    return proof


def repeated_surveys() -> int:
    """Mails of a campaign that had asked the person already, known by then under another address.

    Two addresses of one person may both be asked before anybody knows: that is not counted. For
    another occasion a campaign that goes on asks again.
    """
    identities = _Identities()
    rows = (
        _may_have_gone()
        .filter(person__in=identities.joined)
        .exclude(reason__in=WITHOUT_MAIL)
        .annotate(at=Coalesce("claimed_at", "sent_at"))
        .filter(at__isnull=False)
        .order_by("at", "pk")
    )
    asked: dict[tuple[int, str, int], list[int]] = {}
    repeated = 0
    columns = rows.values_list("campaign_id", "occasion", "person_id", "at")
    for campaign_id, occasion, person_id, at in columns:
        before = asked.setdefault((campaign_id, occasion, identities.at(person_id)), [])
        known_as = identities.at(person_id, at)
        repeated += any(identities.at(each, at) == known_as for each in before)
        before.append(person_id)
    return repeated


def _may_have_gone() -> QuerySet[Invitation]:
    """Counted, but for what a sender has in hand and has not begun: it may be given back."""
    begun = Sender.objects.filter(pk=OuterRef("worker")).values("begun")
    waiting = Attempt.objects.filter(
        invitation=OuterRef("pk"),
        kind=Attempt.Kind.SURVEY,
        outcome="",
        invitation__gt=Subquery(begun),
    )
    in_hand = Q(state=InvitationState.SENDING) & Exists(waiting)
    return Invitation.objects.filter(~in_hand, state__in=COUNTED)


class _Identities:
    """Whom a person was known to be, by the merges up to a moment. Merges are made by hand: few."""

    def __init__(self) -> None:
        merged = Person.objects.filter(merged_into__isnull=False)
        rows = merged.values_list("pk", "merged_into_id", "merged_at")
        self.merges = {pk: (into, at) for pk, into, at in rows}
        self.joined = {self.at(pk) for pk in self.merges} | set(self.merges)

    def at(self, person_id: int, moment: dt.datetime | None = None) -> int:
        while person_id in self.merges:
            into, merged_at = self.merges[person_id]
            if moment is not None and merged_at is not None and moment < merged_at:
                break
            person_id = into
        return person_id


def _histories(identities: _Identities) -> Iterator[tuple[int, list[Send]]]:
    """The counted sends of each person in order of time, streamed; merged persons come last."""
    rows = (
        _may_have_gone()
        .annotate(at=ASKED_AT)
        .filter(at__isnull=False)
        .order_by("person_id", "at")
        .values_list("person_id", "at", "claimed_at", "settled_at", "reason", "pk")
    )
    joined: dict[int, list[Send]] = {}
    current: list[Send] = []
    for person_id, sent_at, claimed_at, settled_at, reason, pk in rows.iterator(chunk_size=5000):
        imported = pk if reason == InvitationReason.IMPORTED else None
        # Entered by hand for a day that lies back: it was decided when it was written down.
        decided_at = settled_at if reason == InvitationReason.ENTERED else claimed_at
        send = Send(sent_at, decided_at or sent_at, person_id, imported)
        if person_id in identities.joined:
            joined.setdefault(identities.at(person_id), []).append(send)
            continue
        if current and current[0].person_id != person_id:
            yield current[0].person_id, current
            current = []
        current.append(send)
    if current:
        yield current[0].person_id, current
    for person_id, sends in sorted(joined.items()):
        yield person_id, sorted(sends, key=lambda send: send.at)


def _runs(sends: list[Send], identities: _Identities) -> Iterator[tuple[list[Send], bool]]:
    """Each with whether it is ours."""
    for last, send in enumerate(sends):
        earlier = sends[:last]
        if send.person_id in identities.joined:
            then = send.decided_at
            known_as = identities.at(send.person_id, then)
            earlier = [each for each in earlier if identities.at(each.person_id, then) == known_as]
        run = [*earlier[-ALLOWED:], send]
        if not _too_soon(run):
            continue
        # History may be full of them: only for a mail of ours is it asked what was known.
        known = _known(earlier, by=send)[-ALLOWED:] if send.imported is None else []
        ours = _too_soon([*known, send])
        yield [*known, send] if ours else run, ours


def _too_soon(run: list[Send]) -> bool:
    return len(run) > ALLOWED and run[-1].at - run[0].at < WINDOW


def _known(earlier: list[Send], *, by: Send) -> list[Send]:
    """Those that were known of when a mail was claimed: the import that tells of them had run."""
    imported = [each.imported for each in earlier if each.imported is not None]
    rows = ResponseChange.objects.filter(response__invitation__in=imported)
    told = dict(rows.values_list("response__invitation").annotate(first=Min("at")))
    # What no ledger tells of counts as known at once: the proof must not excuse too much.
    return [each for each in earlier if told.get(each.imported, each.at) <= by.decided_at]
