"""What we know ourselves, beside the database: who was handed which survey when, and who must not
be. It is filled by the fake transport and by those who call the services, and it never asks them.

Faults are kept and raised after the step, as the sender outlives an exception of its transport.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tests.world import HOUR, WINDOW

ALLOWED = 2
# What its worker has not reported on by then counts as sent, whatever it reports later.
GIVEN_UP_AFTER = HOUR / 12

THIRD = "a third survey within 8,760 hours"
TWICE = "an e-mail handed over twice"
DOUBLE = "the same survey to one person under two addresses"
STOPPED = "an e-mail after the opt-out"
ERASED = "an e-mail after the erasure"
HALTED = "an e-mail of a campaign that does not run"
BOOKS = "the books do not hold what was sent"


@dataclass(frozen=True, slots=True)
class Mail:
    """As it can be read on the wire."""

    survey: str
    address: str
    reminder: bool
    reference: str


@dataclass(slots=True)
class Send:
    address: str
    survey: str
    at: dt.datetime
    imported: bool = False


@dataclass
class Record:
    # Who is known to be whom: every address with all those of the same human being.
    known: dict[str, frozenset[str]]
    sends: list[Send] = field(default_factory=list)
    # Under way, or surely or possibly received; what was refused is in neither.
    reminded: list[Mail] = field(default_factory=list)
    received: list[Mail] = field(default_factory=list)
    stopped: dict[str, set[str]] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    halted: set[str] = field(default_factory=set)
    ends: dict[str, dt.datetime] = field(default_factory=dict)
    # Whose slots were joined: for them the strictest of several is right, not the exact one.
    joined: set[str] = field(default_factory=set)
    # Possibly received, and from when on it counts is the sweep's affair.
    doubtful: list[Send] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def begin(self, mail: Mail, *, now: dt.datetime) -> Send:
        """An e-mail is handed over: all that was promised holds at this moment."""
        for fault in (*self._faults_of_person(mail), *self._faults_of_campaign(mail, now=now)):
            self.faults.append(f"{fault}: {mail} at {now}")
        send = Send(mail.address, mail.survey, now)
        if mail.reminder:
            self.reminded.append(mail)
        else:
            self.sends.append(send)
        return send

    def end(
        self, mail: Mail, send: Send, *, received: bool, certain: bool, now: dt.datetime
    ) -> None:
        if not certain or now - send.at > GIVEN_UP_AFTER:
            self.doubtful.append(send)
        if received:
            send.at = now
            self.received.append(mail)
        elif mail.reminder:
            self.reminded.remove(mail)
        else:
            self.sends.remove(send)

    def _faults_of_person(self, mail: Mail) -> Iterator[str]:
        if self.stopped.get(mail.address):
            yield STOPPED
        if mail.address in self.erased:
            yield ERASED

    def _faults_of_campaign(self, mail: Mail, *, now: dt.datetime) -> Iterator[str]:
        if mail.survey in self.halted:
            yield HALTED
        if mail.reminder:
            if any(each.reference == mail.reference for each in self.reminded):
                yield TWICE
            return
        if mail.survey in self.ends and self.ends[mail.survey] <= now:
            yield HALTED
        mine = [each for each in self._sends_to(mail.address) if not each.imported]
        if any((each.survey, each.address) == (mail.survey, mail.address) for each in mine):
            yield TWICE
        elif any(each.survey == mail.survey for each in mine):
            yield DOUBLE
        if len(self.recent(mail.address, now=now)) >= ALLOWED:
            yield THIRD

    def recent(self, address: str, *, now: dt.datetime) -> list[Send]:
        return [each for each in self._sends_to(address) if now - each.at < WINDOW]

    def _sends_to(self, address: str) -> list[Send]:
        return [each for each in self.sends if each.address in self.known[address]]

    def join(self, kept: str, gone: str) -> None:
        both = self.known[kept] | self.known[gone]
        reasons = set().union(*(self.stopped.get(each, set()) for each in both))
        for address in both:
            self.known[address] = both
            self.stopped[address] = set(reasons)
        self.joined |= both

    def stop(self, address: str, reason: str) -> None:
        for each in self.known[address]:
            self.stopped.setdefault(each, set()).add(reason)

    def lift(self, address: str, reason: str) -> None:
        for each in self.known[address]:
            self.stopped.setdefault(each, set()).discard(reason)

    def erase(self, address: str) -> None:
        self.erased |= self.known[address]

    def takes_import(self, address: str, *, at: dt.datetime) -> bool:
        """Whether history from elsewhere leaves what we sent ourselves within the cap: what nobody
        knew when we sent it is nobody's fault. An hour more, as what is unknown counts from later.
        """
        ours = [each for each in self.doubtful if each.address in self.known[address]]
        sends = [*self._sends_to(address), *ours]
        moments = sorted([each.at for each in sends] + [at])
        runs = zip(moments, moments[ALLOWED:], strict=False)
        return all(each.imported for each in sends) or all(
            last - first > WINDOW + 2 * HOUR for first, last in runs
        )

    def bring_in(self, address: str, survey: str, *, at: dt.datetime) -> None:
        self.sends.append(Send(address, survey, at, imported=True))
        self.joined |= self.known[address]

    def enter(self, address: str, survey: str, *, at: dt.datetime) -> None:
        """An answer was taken by hand: one of the surveys of its year, before it and after it."""
        moments = sorted([*(each.at for each in self._sends_to(address)), at])
        for first, last in zip(moments, moments[ALLOWED:], strict=False):
            if first <= at <= last and last - first < WINDOW:
                self.faults.append(f"{THIRD}: an answer of {address} by hand at {at}")
        self.sends.append(Send(address, survey, at))

    def may_be_mailed(self, address: str) -> bool:
        known = self.known[address]
        return not known & self.erased and not any(self.stopped.get(each) for each in known)

    def is_askable(self, address: str, *, now: dt.datetime) -> bool:
        """Surely: fewer than allowed were sent or may have been, whoever counts."""
        doubtful = [each for each in self.doubtful if each.address == address]
        used = len(self.recent(address, now=now)) + len(doubtful)
        return self.may_be_mailed(address) and used < ALLOWED

    def humans(self) -> set[frozenset[str]]:
        return set(self.known.values())

    def was_sent(self, survey: str, human: Iterable[str]) -> bool:
        mails = (each for each in self.received if not each.reminder)
        return any(each.survey == survey and each.address in human for each in mails)
