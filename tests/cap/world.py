"""A tiny world that only the product's services change, and what each of them means to `Record`."""

from __future__ import annotations

import csv
import datetime as dt
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from accounts.domain.imports.file_columns import FileKind
from accounts.models import Person, StaffUser, Suppression
from accounts.services.imports.running import Options, Tally, import_file
from accounts.services.suppression import lift
from surveys.models import Campaign
from surveys.sending import apply_events, dispatch_due, sweep
from surveys.sending.events.matching import by_reference
from surveys.sending.events.provider_events import keep
from surveys.services import slots
from surveys.services.answers.by_hand import Entered, NoFreeSlot, enter_answer
from surveys.services.campaigns import plan, states
from surveys.services.campaigns.ask import NotAsking, ask_customer
from surveys.services.people.erase import erase_person
from surveys.services.people.opt_out import opt_out
from surveys.services.people.stop import stop_mailing
from tests.accounts.importing import Notes
from tests.cap.engine import FakeTransport, Transmission, Turn, decisions_then, send_batch
from tests.cap.record import Record
from tests.staffing import make_staff
from tests.world import DAY, HOUR, NOW, SECOND, WINDOW, make_customer, make_respondent, person_for

ADDRESSES = ANN, ANN_TOO, BOB, EVE = (
    *("ann@one.example", "ann@two.example", "bob@three.example", "eve@four.example"),
)
MOST_CAMPAIGNS = 6
EVENTS = {"delivered": "", "bounced": "bounced", "complained": "complained", "unsubscribed": ""}
AGES = (SECOND, DAY, 200 * DAY, WINDOW - SECOND)


class World:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now: dt.datetime = NOW
        self.admin: StaffUser = make_staff("admin")
        self.persons = {address: person_for(address) for address in ADDRESSES}
        self.customers = {address: make_customer() for address in ADDRESSES}
        for address, person in self.persons.items():
            language = "ja" if address in (ANN_TOO, EVE) else "en"
            make_respondent(
                person, customer=self.customers[address], email=address, language=language
            )
        # Somebody is asked once though two customers name them.
        make_respondent(self.persons[BOB], customer=self.customers[EVE])
        # Under which address each human being is kept.
        self.kept = list(ADDRESSES)
        self.record = Record({address: frozenset([address]) for address in ADDRESSES})
        self.campaigns: list[Campaign] = []
        # What the broker holds; it may lose or repeat it.
        self.tasks: list[tuple[list[int], str]] = []
        self.events = 0

    # Time, planning and sending

    def wait(self, step: dt.timedelta) -> None:
        self.now += step

    def launch_one(self, which: int) -> None:
        if len(self.campaigns) < MOST_CAMPAIGNS:
            self.launch(
                f"survey {len(self.campaigns) + 1}",
                reminder_after_days=3 if which % 2 else None,
                ends_at=self.now + 30 * DAY if which % 4 == 3 else None,
                # Not all are asked by all, so that their slots come to differ.
                languages=([], [], ["en"], ["ja"])[which // 4],
            )

    def launch(self, name: str, **fields: object) -> str:
        campaign = states.create_campaign(name=name, by=self.admin, now=self.now, **fields)
        states.launch(campaign, by=self.admin, now=self.now)
        self.campaigns.append(campaign)
        if campaign.ends_at is not None:
            self.record.ends[campaign.slug] = campaign.ends_at
        return campaign.slug

    def plan(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        """`meanwhile` happens once it is decided who is asked, before they are."""
        with decisions_then(meanwhile):
            plan.plan_due(now=self.now)

    def dispatch(self) -> None:
        def enqueue(invitation_ids: list[int], kind: str, expires: float) -> None:
            self.tasks.append((invitation_ids, kind))

        dispatch_due(now=self.now, foreground=False, enqueue=enqueue)

    def work(self, which: int, turn: Turn, *, again: bool = False) -> None:
        """A worker takes one task; `again`: the broker delivers it once more later."""
        if not self.tasks:
            return
        place = which % len(self.tasks)
        ids, kind = self.tasks[place] if again else self.tasks.pop(place)
        transport = FakeTransport(self.record, clock=lambda: self.now, turn=turn)
        send_batch(ids, kind, clock=lambda: self.now, transport=transport)

    def lose_tasks(self) -> None:
        self.tasks.clear()

    def tick(self, turn: Turn) -> None:
        """All that a minute does."""
        self.sweep()
        self.plan()
        self.dispatch()
        while self.tasks:
            self.work(0, turn)

    def sweep(self) -> None:
        apply_events(now=self.now)
        sweep(now=self.now)

    # What staff and the people asked do

    def pause(self, which: int) -> None:
        self._move(which, states.pause, halted=True)

    def resume(self, which: int) -> None:
        self._move(which, states.resume, halted=False)

    def cancel(self, which: int) -> None:
        self._move(which, states.cancel, halted=True)

    def _move(self, which: int, action: Callable[..., None], *, halted: bool) -> None:
        if not self.campaigns:
            return
        campaign = self.campaigns[which % len(self.campaigns)]
        try:
            action(campaign, by=self.admin, now=self.now)
        except states.CampaignError:
            return  # it is in another state
        change = self.record.halted.add if halted else self.record.halted.discard
        change(campaign.slug)

    def merge(self, which: int, *, address: str = "") -> None:
        if len(self.kept) < 2:
            return
        # Of this address with any other, if one is given.
        known = self.record.known.get(address, self.kept)
        mine = [each for each in self.kept if each in known]
        gone = self.kept.pop(self.kept.index(mine[which % len(mine)]))
        kept = self.kept[which // 2 % len(self.kept)]
        # What was known when an e-mail was claimed is told from what became known after it.
        self.now += SECOND
        slots.merge_persons(self._person(kept), self._person(gone), now=self.now, by=self.admin)
        self.record.join(kept, gone)
        self.now += SECOND

    def _person(self, address: str) -> Person:
        return Person.objects.get(pk=self.persons[address].pk)

    def erase(self, which: int) -> None:
        address = self.kept[which % len(self.kept)]
        erase_person(self._person(address), by=self.admin, now=self.now)
        self.record.erase(address)

    def stop(self, which: int) -> None:
        address = ADDRESSES[which % len(ADDRESSES)]
        stop_mailing(self._person(address), by=self.admin, now=self.now)
        self.record.stop(address, "manual")

    def opt_out(self, which: int) -> None:
        """By the link in an e-mail that came, whoever the person has turned out to be since."""
        if not self.record.received:
            return
        mail = self.record.received[which % len(self.record.received)]
        if opt_out(mail.reference, now=self.now) is not None:
            self.record.stop(mail.address, "opted_out")

    def lift(self, which: int) -> None:
        active = list(Suppression.objects.active().order_by("pk"))
        if not active:
            return
        suppression = active[which % len(active)]
        lift(suppression, by=self.admin, note="Asked us to.", now=self.now)
        pks = {person.pk: address for address, person in self.persons.items()}
        self.record.lift(pks[suppression.person_id], suppression.reason)
        self.now += SECOND

    def import_history(self, which: int) -> None:
        """An answer from another system, which had asked before."""
        address = ADDRESSES[which % len(ADDRESSES)]
        at = self.now - AGES[which // len(ADDRESSES) % len(AGES)]
        if not self.record.takes_import(address, at=at):
            return
        answer = {"score": "9", "answered_at": at.isoformat(), "invited_at": at.isoformat()}
        if self._import(FileKind.RESPONSES, address, **answer).created:
            self.record.bring_in(address, "imported", at=at)

    def enter_answer(self, which: int) -> None:
        """What was said by phone, today or some days ago; refused where no slot was free."""
        address = ADDRESSES[which % len(ADDRESSES)]
        respondent = self.customers[address].respondents.order_by("pk")[0]
        if address in self.record.erased:
            return
        day = (self.now - AGES[which // len(ADDRESSES) % len(AGES)]).date()
        entered = Entered(score=9, comment="", language="en", day=day, ref=uuid.uuid4())
        try:
            answer = enter_answer(respondent, entered, by=self.admin, now=self.now)
        except NoFreeSlot:
            return
        self.record.enter(address, str(entered.ref), at=answer.answered_at)

    def import_respondent(self, which: int) -> None:
        """The same file as ever: who was erased or merged since does not come back by it."""
        address = ADDRESSES[which % len(ADDRESSES)]
        done = self._import(FileKind.RESPONDENTS, address, language="en")
        assert bool(done.bad) == (address in self.record.erased)

    def _import(self, kind: FileKind, address: str, **cells: str) -> Tally:
        row = {"email": address, "customer_id": self.customers[address].customer_id, **cells}
        path = self.folder / "file.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([row.keys(), row.values()])
        return import_file(path, kind=kind, options=Options(), now=self.now, listener=Notes())

    def ask_customer(self, which: int) -> None:
        """By a press on the customer's page, in any campaign."""
        if not self.campaigns:
            return
        customer = self.customers[ADDRESSES[which % len(ADDRESSES)]]
        campaign = self.campaigns[which // len(ADDRESSES) % len(self.campaigns)]
        with suppress(NotAsking):
            ask_customer(campaign, customer, by=self.admin, now=self.now)

    def provider_event(self, which: int) -> None:
        if not self.record.received:
            return
        mail = self.record.received[which % len(self.record.received)]
        kind = list(EVENTS)[which // 3 % len(EVENTS)]
        invitation = by_reference(mail.reference)
        if invitation is None:
            return  # erased: nobody knows it under this name any more
        self.events += 1
        keep(
            provider="fake",
            event_id=str(self.events),
            kind=kind,
            invitation=invitation,
            occurred_at=self.now,
            detail={"bounce": "hard"} if kind == "bounced" else {},
        )
        apply_events(now=self.now)
        reason = {"bounced": "bounced", "complained": "complained", "unsubscribed": "opted_out"}
        if kind in reason:
            self.record.stop(mail.address, reason[kind])

    # The end: nobody was forgotten

    def finish(self) -> None:
        """Whoever surely may be asked is asked at once, and everybody else after a window."""
        self.tasks.clear()
        self.wait(HOUR / 3)
        self.sweep()
        for number in range(len(self.campaigns)):
            self.cancel(number)
        apart = {human for human in self.record.humans() if not human & self.record.joined}
        now = {human for human in apart if self.record.is_askable(min(human), now=self.now)}
        self._ask("the next survey", now)
        self.wait(WINDOW + 2 * HOUR)
        live = {human for human in self.record.humans() if self.record.may_be_mailed(min(human))}
        self._ask("the last survey", live)

    def _ask(self, name: str, humans: set[frozenset[str]]) -> None:
        slug = self.launch(name)
        left_out = list(humans)
        for _ in range(4):
            self.tick(lambda mail: Transmission.ACCEPTED)
            left_out = [human for human in humans if not self.record.was_sent(slug, human)]
            if not left_out:
                break
            self.wait(2 * HOUR)  # for the breakers of their domains
        self.cancel(len(self.campaigns) - 1)
        assert not left_out, f"{name} did not come to {left_out}"
